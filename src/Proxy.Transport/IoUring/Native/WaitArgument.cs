using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring.Native;

/// <summary>struct io_uring_getevents_arg: how long an enter waits. 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WaitArgument
{
    private readonly ulong _signalMask;
    private readonly uint _signalMaskSize;

    /// <summary>Microseconds for which the wait holds out for all completions it asked for; then one is enough (6.12).</summary>
    public uint MinimumWait;

    /// <summary>Address of a <see cref="KernelTimespec"/>, or 0 to wait for ever.</summary>
    public ulong Timeout;
}
