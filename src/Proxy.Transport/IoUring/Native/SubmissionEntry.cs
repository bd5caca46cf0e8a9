using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring.Native;

/// <summary>struct io_uring_sqe: one operation for the kernel. 64 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct SubmissionEntry
{
    /// <summary>What to do.</summary>
    [FieldOffset(0)]
    public RingOperation Operation;

    /// <summary>How to do it.</summary>
    [FieldOffset(1)]
    public SubmissionFlags Flags;

    /// <summary>ioprio: for accept and receive the flags of their own (<see cref="MultishotAccept"/>, <see cref="MultishotReceive"/>).</summary>
    [FieldOffset(2)]
    public ushort Priority;

    /// <summary>What to do it to.</summary>
    [FieldOffset(4)]
    public int Descriptor;

    /// <summary>off, addr2: connect's length of the address; accept's address of the length.</summary>
    [FieldOffset(8)]
    public ulong Offset;

    /// <summary>addr: data, a msghdr, a socket address, or the user data to cancel.</summary>
    [FieldOffset(16)]
    public ulong Address;

    /// <summary>Bytes at <see cref="Address"/>, or 1 for a msghdr.</summary>
    [FieldOffset(24)]
    public uint Length;

    /// <summary>MSG_*, SOCK_*, POLL* or <see cref="CancelFlags"/>, by operation.</summary>
    [FieldOffset(28)]
    public uint OperationFlags;

    /// <summary>Comes back with the completions.</summary>
    [FieldOffset(32)]
    public ulong UserData;

    /// <summary>The group of buffers for <see cref="SubmissionFlags.BufferSelect"/>.</summary>
    [FieldOffset(40)]
    public ushort BufferGroup;

    /// <summary>IORING_ACCEPT_MULTISHOT, in <see cref="Priority"/>: accept until cancelled (5.19).</summary>
    public const ushort MultishotAccept = 1;

    /// <summary>IORING_RECV_MULTISHOT, in <see cref="Priority"/>: receive until cancelled, the end, or out of buffers (6.0).</summary>
    public const ushort MultishotReceive = 2;
}
