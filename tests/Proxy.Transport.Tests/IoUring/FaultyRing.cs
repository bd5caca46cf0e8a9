using System.Runtime.CompilerServices;
using Proxy.Transport.IoUring;
using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.Tests.IoUring;

/// <summary>A ring whose calls fail as told.</summary>
internal sealed unsafe class FaultyRing(uint submissions = 8, uint completions = 16, IoUringFeatures? features = null)
    : IoUringRing(features ?? new IoUringFeatures(), submissions, completions)
{
    private readonly Dictionary<ulong, int> _errors = [];

    /// <summary>
    /// Called before each io_uring_enter: an error above zero fails it, a number at or below zero is, negated, the most that is submitted.
    /// </summary>
    public Func<int?>? Fault { get; set; }

    /// <summary>
    /// Called for each operation: an error above zero is what it completes with instead of being done; a number below zero is, negated, the
    /// most that it may send.
    /// </summary>
    public Func<OperationKind, int?>? OperationFault { get; set; }

    public int Calls { get; private set; }

    /// <summary>A ring with little room whose calls are interrupted, fail for want of memory, or take only a part, every now and then.</summary>
    public static IoUringRing NewNarrow(IoUringFeatures features)
    {
        const int Eintr = 4;
        const int Eagain = 11;
        const int Ebusy = 16;
        var ring = new FaultyRing(4, 8, features);
        ring.Fault = () => (ring.Calls % 7) switch
        {
            1 => Eintr,
            3 => Eagain,
            4 => Ebusy,
            5 => -1,
            _ => null,
        };
        return ring;
    }

    public override uint Queue(in SubmissionEntry entry)
    {
        switch (OperationFault?.Invoke(UserData.Kind(entry.UserData)))
        {
            case > 0 and var error:
                _errors[entry.UserData] = error;
                return base.Queue(new SubmissionEntry { Operation = RingOperation.Nop, UserData = entry.UserData });
            case < 0 and var most when entry.Operation == RingOperation.Send && entry.Length > -most:
                // Not a success for the kernel either, so that it tells.
                var shorter = entry;
                shorter.Length = (uint)-most;
                shorter.Flags = SubmissionFlags.None;
                return base.Queue(shorter);
            default:
                return base.Queue(entry);
        }
    }

    protected override int Call(int ring, uint submit, uint completions, EnterFlags flags, WaitArgument* argument)
    {
        Calls++;
        var result = Fault?.Invoke() switch
        {
            > 0 and var error => -error,
            { } most => base.Call(ring, Math.Min(submit, (uint)-most), completions, flags, argument),
            null => base.Call(ring, submit, completions, flags, argument),
        };
        PutErrors();
        return result;
    }

    /// <summary>What was not done completes with its error.</summary>
    private void PutErrors()
    {
        for (var index = 0u; _errors.Count > 0 && index < Available; index++)
        {
            ref var completion = ref Unsafe.AsRef(in Peek(index));
            if (_errors.Remove(completion.UserData, out var error))
            {
                completion = new CompletionEntry(completion.UserData, -error, 0);
            }
        }
    }
}
