using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring.Native;

/// <summary>struct __kernel_timespec. 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelTimespec
{
    /// <summary>Whole seconds.</summary>
    public long Seconds;

    /// <summary>The rest, below 1,000,000,000.</summary>
    public long Nanoseconds;
}
