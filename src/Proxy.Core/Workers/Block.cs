using DotNetty.Buffers;

namespace Proxy.Core.Workers;

/// <summary>
/// A piece of out-buffer: a pinned array that is filled by <see cref="OutBuffer"/>, handed to a channel as an
/// <see cref="IByteBuffer"/> without a copy, and comes back to its pool when the channel releases it.
/// </summary>
/// <remarks>One count, given away once: whoever hands the block to a channel must not touch it afterwards.</remarks>
internal sealed class Block : UnpooledHeapByteBuffer
{
    private readonly BlockPool _pool;

    /// <param name="pool">Where the block returns to.</param>
    /// <param name="bytes">Its memory, pinned for good, so that a native transport may pass its address on.</param>
    /// <param name="sizeClass">Index of the pool's list it belongs to; -1 for an odd size, which is not kept.</param>
    public Block(BlockPool pool, byte[] bytes, int sizeClass)
        : base(UnpooledByteBufferAllocator.Default, bytes, bytes.Length)
    {
        _pool = pool;
        Bytes = bytes;
        SizeClass = sizeClass;
    }

    /// <summary>The memory.</summary>
    public byte[] Bytes { get; }

    /// <summary>Index of the pool's list it belongs to; -1 for an odd size.</summary>
    public int SizeClass { get; }

    /// <summary>First byte not yet taken.</summary>
    public int Start { get; set; }

    /// <summary>One after the last byte written.</summary>
    public int End { get; set; }

    /// <summary>The next block of the chain or of the free list.</summary>
    public Block? Next { get; set; }

    /// <summary>Room left behind <see cref="End"/>.</summary>
    public int Free => Bytes.Length - End;

    /// <summary>Bytes between <see cref="Start"/> and <see cref="End"/>.</summary>
    public int Length => End - Start;

    /// <summary>Makes a returned block usable again, with one count.</summary>
    public void Renew()
    {
        SetReferenceCount(1);
        Start = 0;
        End = 0;
        Next = null;
    }

    /// <summary>Shows the written bytes through the buffer's reader and writer index. The block is then the channel's.</summary>
    public IByteBuffer ToReadable()
    {
        SetIndex(Start, End);
        return this;
    }

    /// <inheritdoc/>
    protected override void Deallocate() => _pool.Return(this);
}
