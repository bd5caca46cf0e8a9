namespace Proxy.Transport.IoUring.Native;

/// <summary>IORING_SQ_*: what the kernel tells in the ring while it runs.</summary>
[Flags]
internal enum QueueFlags : uint
{
    /// <summary>Completions wait outside the full queue for the next enter.</summary>
    Overflow = 1 << 1,

    /// <summary>Completions can be made by the next enter.</summary>
    Taskrun = 1 << 2,
}
