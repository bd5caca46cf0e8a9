using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring.Native;

/// <summary>struct io_uring_probe_op: whether the kernel knows an operation. 8 bytes; the entries follow a head of 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProbeEntry
{
    /// <summary>struct io_uring_probe: size of what precedes the entries.</summary>
    public const int HeadSize = 16;

    private const ushort SupportedFlag = 1;

    private readonly byte _operation;
    private readonly byte _reserved0;
    private readonly ushort _flags;
    private readonly uint _reserved1;

    /// <summary>The kernel knows it.</summary>
    public readonly bool Supported => (_flags & SupportedFlag) != 0;
}
