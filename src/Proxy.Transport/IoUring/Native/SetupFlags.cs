namespace Proxy.Transport.IoUring.Native;

/// <summary>IORING_SETUP_*: how a ring is made.</summary>
[Flags]
internal enum SetupFlags : uint
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>The size of the completion queue is given.</summary>
    CompletionQueueSize = 1 << 3,

    /// <summary>Sizes beyond the kernel's limits are lowered to them.</summary>
    Clamp = 1 << 4,

    /// <summary>A submission that is wrong does not hold up those behind it (5.18).</summary>
    SubmitAll = 1 << 7,

    /// <summary>Completions wait for the next system call of the thread instead of interrupting it (5.19).</summary>
    CooperativeTaskrun = 1 << 8,

    /// <summary>The ring tells in its flags that completions wait (5.19).</summary>
    TaskrunFlag = 1 << 9,

    /// <summary>One thread only, the one that makes the ring, submits (6.0).</summary>
    SingleIssuer = 1 << 12,

    /// <summary>Completions are made when the thread asks for them, never in between (6.1).</summary>
    DeferTaskrun = 1 << 13,

    /// <summary>Submissions are taken in the order of the ring, without an array of indices (6.6).</summary>
    NoSubmissionArray = 1 << 16,
}
