using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring.Native;

/// <summary>struct io_sqring_offsets: where the parts of the submission queue lie in the mapping. 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SubmissionRingOffsets
{
    /// <summary>The kernel's position.</summary>
    public uint Head;

    /// <summary>Our position.</summary>
    public uint Tail;

    /// <summary>Entries minus one.</summary>
    public uint Mask;

    /// <summary>The number of entries.</summary>
    public uint Entries;

    /// <summary><see cref="QueueFlags"/>.</summary>
    public uint Flags;

    /// <summary>Count of invalid indices.</summary>
    public uint Dropped;

    /// <summary>Indices of the entries, unless <see cref="SetupFlags.NoSubmissionArray"/>.</summary>
    public uint Array;

    private readonly uint _reserved;
    private readonly ulong _userAddress;
}
