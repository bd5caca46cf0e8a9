using Proxy.Transport.IoUring.Native;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>Makes rings: asks for the newest way first and goes back, flag by flag, to what the kernel knows.</summary>
internal static unsafe class RingSetup
{
    private const uint LeastEntries = 32;
    private const SetupFlags Sizes = SetupFlags.CompletionQueueSize | SetupFlags.Clamp;

    /// <summary>Makes a ring. The calling thread is the one that will use it.</summary>
    /// <param name="wanted">What may be used.</param>
    /// <param name="submissions">Size of the submission queue; less if locked memory is short (before 5.12 it counted).</param>
    /// <param name="completions">Size of the completion queue.</param>
    /// <param name="parameters">How the ring was made.</param>
    /// <returns>Its descriptor, or the error number below zero.</returns>
    public static int Make(IoUringFeatures wanted, uint submissions, uint completions, out RingParameters parameters)
    {
        while (true)
        {
            var ring = MakeSized(wanted, submissions, completions, out parameters);
            if (ring != -Errno.NoMemory || submissions <= LeastEntries)
            {
                return ring;
            }

            submissions /= 2;
            completions /= 2;
        }
    }

    private static int MakeSized(IoUringFeatures wanted, uint submissions, uint completions, out RingParameters parameters)
    {
        var result = -Errno.Invalid;
        parameters = default;
        foreach (var flags in Ways(wanted))
        {
            parameters = new RingParameters { Flags = flags, CompletionEntries = completions };
            fixed (RingParameters* pointer = &parameters)
            {
                result = RingCalls.Setup(submissions, pointer);
            }

            if (result != -Errno.Invalid)
            {
                break;
            }
        }

        return result;
    }

    /// <summary>Newest first.</summary>
    private static IEnumerable<SetupFlags> Ways(IoUringFeatures wanted)
    {
        var all = wanted.SubmitAll ? SetupFlags.SubmitAll : SetupFlags.None;
        if (wanted.DeferTaskrun)
        {
            const SetupFlags Defer = Sizes | SetupFlags.SingleIssuer | SetupFlags.DeferTaskrun | SetupFlags.TaskrunFlag;
            if (wanted.NoSubmissionArray)
            {
                yield return Defer | all | SetupFlags.NoSubmissionArray;
            }

            yield return Defer | all;
        }

        if (wanted.CooperativeTaskrun)
        {
            yield return Sizes | SetupFlags.CooperativeTaskrun | SetupFlags.TaskrunFlag | all;
        }

        yield return Sizes | all;
        yield return Sizes;
    }
}
