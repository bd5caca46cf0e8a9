using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring.Native;

/// <summary>struct io_uring_buf_reg: the ring of buffers that is registered or removed. 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BufferRingRegistration
{
    /// <summary>Address of the <see cref="BufferRingEntry"/>s, on a page boundary.</summary>
    public ulong Address;

    /// <summary>Their number, a power of two up to 32,768.</summary>
    public uint Entries;

    /// <summary>The name of the group in submissions.</summary>
    public ushort Group;

    /// <summary>IOU_PBUF_RING_*.</summary>
    public ushort Flags;

    private readonly ulong _reserved0;
    private readonly ulong _reserved1;
    private readonly ulong _reserved2;
}
