using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring.Native;

/// <summary>struct io_uring_rsrc_update: a descriptor to be registered. 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DescriptorUpdate
{
    /// <summary>As <see cref="Index"/>: the kernel chooses.</summary>
    public const uint AnyIndex = uint.MaxValue;

    /// <summary>Its index, in and out.</summary>
    public uint Index;

    private readonly uint _reserved;

    /// <summary>The descriptor.</summary>
    public ulong Descriptor;
}
