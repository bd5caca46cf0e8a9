using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring.Native;

/// <summary>struct io_cqring_offsets: where the parts of the completion queue lie in the mapping. 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CompletionRingOffsets
{
    /// <summary>Our position.</summary>
    public uint Head;

    /// <summary>The kernel's position.</summary>
    public uint Tail;

    /// <summary>Entries minus one.</summary>
    public uint Mask;

    /// <summary>The number of entries.</summary>
    public uint Entries;

    /// <summary>Count of completions that did not fit.</summary>
    public uint Overflow;

    /// <summary>The entries.</summary>
    public uint Completions;

    private readonly uint _flags;
    private readonly uint _reserved;
    private readonly ulong _userAddress;
}
