using DotNetty.Buffers;

namespace Proxy.Core.Workers;

/// <summary>
/// A piece of an <see cref="OutBuffer"/>: bytes of an array from <see cref="Start"/> to <see cref="End"/>, handed to a channel as an
/// <see cref="IByteBuffer"/> without a copy. When the channel releases it, it goes back to where it came from.
/// </summary>
/// <remarks>One count, given away once: whoever hands the block to a channel must not touch it afterwards.</remarks>
internal abstract class Block : UnpooledHeapByteBuffer
{
    /// <param name="bytes">Its memory; may be replaced by <see cref="Point"/>.</param>
    protected Block(byte[] bytes)
        : base(UnpooledByteBufferAllocator.Default, bytes, int.MaxValue)
    {
        Bytes = bytes;
        Limit = bytes.Length;
    }

    /// <summary>The memory.</summary>
    public byte[] Bytes { get; private set; }

    /// <summary>First byte not yet taken.</summary>
    public int Start { get; set; }

    /// <summary>One after the last byte written.</summary>
    public int End { get; set; }

    /// <summary>The next block of the chain or of the free list.</summary>
    public Block? Next { get; set; }

    /// <summary>Room left behind <see cref="End"/>.</summary>
    public int Free => Limit - End;

    /// <summary>Bytes between <see cref="Start"/> and <see cref="End"/>.</summary>
    public int Length => End - Start;

    /// <summary>The bytes between <see cref="Start"/> and <see cref="End"/>.</summary>
    public ReadOnlySpan<byte> Span => Bytes.AsSpan(Start, End - Start);

    /// <inheritdoc/>
    public override bool HasMemoryAddress => true;

    /// <summary>Where writing ends.</summary>
    protected int Limit { get; set; }

    /// <summary>Shows the written bytes through the buffer's reader and writer index. The block is then the channel's.</summary>
    public IByteBuffer ToReadable()
    {
        SetIndex(Start, End);
        return this;
    }

    /// <summary>Address of the array's first byte, to which indexes are added; zero while it may move.</summary>
    public abstract override IntPtr AddressOfPinnedMemory();

    /// <summary>Makes the block usable again, with one count and no bytes.</summary>
    protected void Renew()
    {
        SetReferenceCount(1);
        Start = 0;
        End = 0;
        Next = null;
    }

    /// <summary>Gives it other memory.</summary>
    protected void Point(byte[] bytes)
    {
        SetArray(bytes);
        Bytes = bytes;
    }
}
