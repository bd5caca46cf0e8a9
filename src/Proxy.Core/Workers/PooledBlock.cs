using System.Runtime.InteropServices;

namespace Proxy.Core.Workers;

/// <summary>A block with memory of its own, a pinned array that is filled by an <see cref="OutBuffer"/> and comes back to its pool.</summary>
internal sealed class PooledBlock : Block
{
    private readonly BlockPool _pool;
    private readonly IntPtr _address;

    /// <param name="pool">Where the block returns to.</param>
    /// <param name="bytes">Its memory, pinned for good, so that a native transport sends from it in place.</param>
    /// <param name="sizeClass">Index of the pool's list it belongs to; -1 for an odd size, which is not kept.</param>
    public PooledBlock(BlockPool pool, byte[] bytes, int sizeClass)
        : base(bytes)
    {
        _pool = pool;
        _address = Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0);
        SizeClass = sizeClass;
    }

    /// <summary>Index of the pool's list it belongs to; -1 for an odd size.</summary>
    public int SizeClass { get; }

    /// <summary>Makes a returned block usable again, with one count and no bytes.</summary>
    public void Reuse() => Renew();

    /// <inheritdoc/>
    public override IntPtr AddressOfPinnedMemory() => _address;

    /// <inheritdoc/>
    protected override void Deallocate() => _pool.Return(this);
}
