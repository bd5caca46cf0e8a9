namespace Proxy.Transport.IoUring.Native;

/// <summary>IORING_ENTER_*: what io_uring_enter is to do besides submitting.</summary>
[Flags]
internal enum EnterFlags : uint
{
    /// <summary>Make (and, if asked, wait for) completions.</summary>
    GetEvents = 1 << 0,

    /// <summary>The argument is a <see cref="WaitArgument"/>.</summary>
    ExtendedArgument = 1 << 3,

    /// <summary>The descriptor is the index of a registered ring.</summary>
    RegisteredRing = 1 << 4,
}
