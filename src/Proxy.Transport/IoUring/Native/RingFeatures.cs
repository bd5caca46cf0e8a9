namespace Proxy.Transport.IoUring.Native;

/// <summary>IORING_FEAT_*: what the kernel says of itself when a ring is made.</summary>
[Flags]
internal enum RingFeatures : uint
{
    /// <summary>Both queues lie in one mapping (5.4).</summary>
    SingleMapping = 1 << 0,

    /// <summary>Completions beyond the size of the queue are kept (5.5).</summary>
    NoDrop = 1 << 1,

    /// <summary>What a submission points to (addresses, iovecs; not the data) is free after the submission (5.5).</summary>
    SubmitStable = 1 << 2,

    /// <summary>What is not ready is polled for instead of being given to a worker thread (5.7).</summary>
    FastPoll = 1 << 5,

    /// <summary>A wait takes a timeout (5.11).</summary>
    ExtendedArgument = 1 << 8,

    /// <summary>A submission may forgo its completion unless it fails (5.17).</summary>
    SkipCompletion = 1 << 11,

    /// <summary>A wait takes a minimum time (6.12).</summary>
    MinimumTimeout = 1 << 15,
}
