using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring.Native;

/// <summary>struct io_uring_buf: one buffer to receive into. 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BufferRingEntry
{
    /// <summary>Where in the first entry the ring keeps its tail, a 16-bit number.</summary>
    public const int TailOffset = 14;

    /// <summary>The memory.</summary>
    public ulong Address;

    /// <summary>Its size in bytes.</summary>
    public uint Length;

    /// <summary>Comes back in the completion.</summary>
    public ushort Number;

    private readonly ushort _reserved;
}
