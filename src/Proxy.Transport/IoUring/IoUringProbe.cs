using System.Runtime.InteropServices;
using Proxy.Transport.IoUring.Native;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>
/// Finds out whether io_uring works here, and with which features, by using it: what a kernel says of itself tells nothing of seccomp
/// profiles, limits and distributions that carry back parts of newer kernels.
/// </summary>
internal static unsafe class IoUringProbe
{
    /// <summary>Beginning of every "no" that only a newer kernel cures.</summary>
    private const string TooOld = "needs Linux 5.19 or later";

    private const RingFeatures Needed = RingFeatures.SingleMapping | RingFeatures.NoDrop | RingFeatures.SubmitStable
        | RingFeatures.FastPoll | RingFeatures.ExtendedArgument;

    private static readonly Lazy<IoUringAvailability> Found = new(Probe);

    private static readonly RingOperation[] NeededOperations =
    [
        RingOperation.Nop, RingOperation.Poll, RingOperation.SendMessage, RingOperation.Accept, RingOperation.Cancel,
        RingOperation.Read, RingOperation.Send, RingOperation.Receive,
    ];

    /// <summary>What was found; the probe runs once in a process.</summary>
    public static IoUringAvailability Availability => Found.Value;

    /// <summary>The sentence for an error of io_uring_setup.</summary>
    /// <param name="error">The error number, above zero.</param>
    /// <param name="disabled">The content of /proc/sys/kernel/io_uring_disabled; null if there is no such file.</param>
    public static string ExplainSetup(int error, string? disabled) => error switch
    {
        Errno.NoSystemCall => $"io_uring is not there: it {TooOld}, or a sandbox (gVisor, a seccomp profile) hides it",
        Errno.NotPermitted when disabled == "2" => "io_uring is switched off on this machine (sysctl kernel.io_uring_disabled = 2)",
        Errno.NotPermitted when disabled == "1" => "io_uring is reserved for privileged processes and members of the group in "
            + "kernel.io_uring_group on this machine (sysctl kernel.io_uring_disabled = 1)",
        Errno.NotPermitted => "io_uring is forbidden to this process: a seccomp profile, as containers have by default",
        Errno.NoMemory => "io_uring got no memory: the limit of locked memory (ulimit -l, LimitMEMLOCK) is too low",
        Errno.Invalid => $"io_uring {TooOld}",
        _ => $"io_uring does not work: io_uring_setup says {IoUringException.Describe(error)}",
    };

    private static IoUringAvailability Probe()
    {
        if (!OperatingSystem.IsLinux())
        {
            return No("io_uring is a part of Linux");
        }

        if (RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            return No($"io_uring is not used on {RuntimeInformation.ProcessArchitecture}");
        }

        try
        {
            using var ring = new IoUringRing(new IoUringFeatures(), 16, 32);
            return Examine(ring);
        }
        catch (IoUringException refusal) when (refusal.Call == IoUringRing.SetupCall)
        {
            return No(ExplainSetup(refusal.Error, ReadDisabled()));
        }
        catch (Exception failure) when (failure is IOException or DllNotFoundException or EntryPointNotFoundException)
        {
            return No($"io_uring does not work: {failure.Message}");
        }
    }

    private static IoUringAvailability No(string reason) => new(null, reason);

    private static IoUringAvailability Examine(IoUringRing ring)
    {
        if ((ring.Kernel & Needed) != Needed || !KnowsOperations(ring))
        {
            return No($"io_uring {TooOld}");
        }

        if (!DoesNothing(ring))
        {
            return No("io_uring does not work: an operation that does nothing did not complete");
        }

        BufferRing buffers;
        try
        {
            buffers = new BufferRing(ring, 0, 1);
        }
        catch (IoUringException refusal)
        {
            return No(refusal.Error == Errno.NoMemory ? ExplainSetup(Errno.NoMemory, null) : $"io_uring {TooOld} (buffer rings)");
        }

        using (buffers)
        {
            var features = ring.Features with
            {
                MultishotReceive = MultishotProbe.Receives(ring, buffers),
                MultishotAccept = MultishotProbe.Accepts(ring),
                SkipCompletion = ring.Features.SkipCompletion && QuickSendProbe.Tells(ring),
            };
            return new IoUringAvailability(features, $"io_uring works{Missing(features)}");
        }
    }

    private static bool KnowsOperations(IoUringRing ring)
    {
        const int Most = 256;
        var memory = stackalloc byte[ProbeEntry.HeadSize + (Most * sizeof(ProbeEntry))];
        NativeMemory.Clear(memory, (nuint)(ProbeEntry.HeadSize + (Most * sizeof(ProbeEntry))));
        if (RingCalls.Register(ring.Descriptor, RegisterOperation.Probe, memory, Most) < 0)
        {
            return false;
        }

        var entries = (ProbeEntry*)(memory + ProbeEntry.HeadSize);
        return Array.TrueForAll(NeededOperations, operation => entries[(int)operation].Supported);
    }

    private static bool DoesNothing(IoUringRing ring)
    {
        ring.Queue(new SubmissionEntry { Operation = RingOperation.Nop, UserData = 1 });
        ring.Enter(1, TimeSpan.FromSeconds(1));
        return ring.TryTake(out var completion) && completion is { UserData: 1, Result: 0 };
    }

    private static string Missing(IoUringFeatures features)
    {
        var missing = new List<string>();
        AddUnless(features.DeferTaskrun, "deferred completions (6.1)");
        AddUnless(features.MultishotReceive, "multishot receive (6.0)");
        AddUnless(features.MultishotAccept, "multishot accept (5.19)");
        AddUnless(features.SkipCompletion, "sends without completion (6.1)");
        AddUnless(features.MinimumWait, "minimum wait (6.12)");
        return missing.Count == 0 ? "" : $", without {string.Join(", ", missing)}";

        void AddUnless(bool present, string name)
        {
            if (!present)
            {
                missing.Add(name);
            }
        }
    }

    private static string? ReadDisabled()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/io_uring_disabled").Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
