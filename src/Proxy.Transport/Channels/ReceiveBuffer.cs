using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DotNetty.Buffers;

namespace Proxy.Transport.Channels;

/// <summary>
/// Memory to receive into: a part of a <see cref="ReceiveSlab"/>'s array, which never moves, and which handlers get as it is. Who retains it
/// keeps it; when the last count is released, on whatever thread, it goes back to the pool of its loop.
/// </summary>
/// <remarks>It cannot grow beyond its part of the array: what follows there is another buffer's.</remarks>
internal sealed class ReceiveBuffer : AbstractReferenceCountedByteBuffer
{
    private readonly ReceiveBufferPool _pool;
    private readonly byte[] _bytes;
    private readonly int _offset;
    private readonly nint _address;
    private int _capacity;

    /// <param name="pool">Where it goes back to.</param>
    /// <param name="slab">What it is a part of.</param>
    /// <param name="bytes">The slab's array.</param>
    /// <param name="offset">Its first byte there.</param>
    /// <param name="address">The address of that byte.</param>
    /// <param name="size">Its bytes.</param>
    public ReceiveBuffer(ReceiveBufferPool pool, ReceiveSlab slab, byte[] bytes, int offset, nint address, int size)
        : base(size)
    {
        _pool = pool;
        Slab = slab;
        _bytes = bytes;
        _offset = offset;
        _address = address;
        _capacity = size;
    }

    /// <summary>What it is a part of.</summary>
    public ReceiveSlab Slab { get; }

    /// <summary>The next of those that were released on other threads.</summary>
    public ReceiveBuffer? NextStray { get; set; }

    /// <inheritdoc/>
    public override int Capacity
    {
        get
        {
            EnsureAccessible();
            return _capacity;
        }
    }

    /// <inheritdoc/>
    public override IByteBufferAllocator Allocator => UnpooledByteBufferAllocator.Default;

    /// <inheritdoc/>
    public override bool IsDirect => false;

    /// <inheritdoc/>
    public override bool HasArray => true;

    /// <inheritdoc/>
    public override byte[] Array
    {
        get
        {
            EnsureAccessible();
            return _bytes;
        }
    }

    /// <inheritdoc/>
    public override int ArrayOffset => _offset;

    /// <inheritdoc/>
    public override bool HasMemoryAddress => true;

    /// <inheritdoc/>
    public override int IoBufferCount => 1;

    /// <summary>Empty again, with one count.</summary>
    public void Renew()
    {
        SetReferenceCount(1);
        _capacity = MaxCapacity;
        SetIndex(0, 0);

        // The marks of whoever had it before.
        MarkReaderIndex();
        MarkWriterIndex();
    }

    /// <summary>The address of the first byte, which never moves.</summary>
    public override nint AddressOfPinnedMemory() => _address;

    /// <inheritdoc/>
    public override ref byte GetPinnableMemoryAddress()
    {
        EnsureAccessible();
        return ref _bytes[_offset];
    }

    /// <summary>Shows less of the memory, or all of it again.</summary>
    public override IByteBuffer AdjustCapacity(int newCapacity)
    {
        CheckNewCapacity(newCapacity);
        _capacity = newCapacity;
        SetIndex(Math.Min(ReaderIndex, newCapacity), Math.Min(WriterIndex, newCapacity));
        return this;
    }

    /// <inheritdoc/>
    public override IByteBuffer? Unwrap() => null;

    /// <inheritdoc/>
    public override ArraySegment<byte> GetIoBuffer(int index, int length)
    {
        CheckIndex(index, length);
        return new ArraySegment<byte>(_bytes, _offset + index, length);
    }

    /// <inheritdoc/>
    public override ArraySegment<byte>[] GetIoBuffers(int index, int length) => [GetIoBuffer(index, length)];

    /// <inheritdoc/>
    public override IByteBuffer GetBytes(int index, IByteBuffer destination, int dstIndex, int length)
    {
        CheckDstIndex(index, length, dstIndex, destination.Capacity);
        destination.SetBytes(dstIndex, _bytes, _offset + index, length);
        return this;
    }

    /// <inheritdoc/>
    public override IByteBuffer GetBytes(int index, byte[] destination, int dstIndex, int length)
    {
        CheckDstIndex(index, length, dstIndex, destination.Length);
        Span(index, length).CopyTo(destination.AsSpan(dstIndex));
        return this;
    }

    /// <inheritdoc/>
    public override IByteBuffer GetBytes(int index, Stream destination, int length)
    {
        CheckIndex(index, length);
        destination.Write(_bytes, _offset + index, length);
        return this;
    }

    /// <inheritdoc/>
    public override IByteBuffer SetBytes(int index, IByteBuffer src, int srcIndex, int length)
    {
        CheckSrcIndex(index, length, srcIndex, src.Capacity);
        src.GetBytes(srcIndex, _bytes, _offset + index, length);
        return this;
    }

    /// <inheritdoc/>
    public override IByteBuffer SetBytes(int index, byte[] src, int srcIndex, int length)
    {
        CheckSrcIndex(index, length, srcIndex, src.Length);
        src.AsSpan(srcIndex, length).CopyTo(Span(index, length));
        return this;
    }

    /// <inheritdoc/>
    public override async Task<int> SetBytesAsync(int index, Stream src, int length, CancellationToken cancellationToken)
    {
        CheckIndex(index, length);
        return await src.ReadAtLeastAsync(
            _bytes.AsMemory(_offset + index, length), length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override IByteBuffer SetZero(int index, int length)
    {
        CheckIndex(index, length);
        Span(index, length).Clear();
        return this;
    }

    /// <inheritdoc/>
    public override IByteBuffer Copy(int index, int length)
    {
        CheckIndex(index, length);
        return Unpooled.CopiedBuffer(_bytes, _offset + index, length);
    }

    /// <inheritdoc/>
    protected override byte _GetByte(int index) => _bytes[_offset + index];

    /// <inheritdoc/>
    protected override short _GetShort(int index) => BinaryPrimitives.ReadInt16BigEndian(Span(index, sizeof(short)));

    /// <inheritdoc/>
    protected override short _GetShortLE(int index) => BinaryPrimitives.ReadInt16LittleEndian(Span(index, sizeof(short)));

    /// <inheritdoc/>
    protected override int _GetUnsignedMedium(int index) =>
        (_bytes[_offset + index] << 16) | BinaryPrimitives.ReadUInt16BigEndian(Span(index + 1, sizeof(short)));

    /// <inheritdoc/>
    protected override int _GetUnsignedMediumLE(int index) =>
        (_bytes[_offset + index + 2] << 16) | BinaryPrimitives.ReadUInt16LittleEndian(Span(index, sizeof(short)));

    /// <inheritdoc/>
    protected override int _GetInt(int index) => BinaryPrimitives.ReadInt32BigEndian(Span(index, sizeof(int)));

    /// <inheritdoc/>
    protected override int _GetIntLE(int index) => BinaryPrimitives.ReadInt32LittleEndian(Span(index, sizeof(int)));

    /// <inheritdoc/>
    protected override long _GetLong(int index) => BinaryPrimitives.ReadInt64BigEndian(Span(index, sizeof(long)));

    /// <inheritdoc/>
    protected override long _GetLongLE(int index) => BinaryPrimitives.ReadInt64LittleEndian(Span(index, sizeof(long)));

    /// <inheritdoc/>
    protected override void _SetByte(int index, int value) => _bytes[_offset + index] = (byte)value;

    /// <inheritdoc/>
    protected override void _SetShort(int index, int value) => BinaryPrimitives.WriteInt16BigEndian(Span(index, sizeof(short)), (short)value);

    /// <inheritdoc/>
    protected override void _SetShortLE(int index, int value) =>
        BinaryPrimitives.WriteInt16LittleEndian(Span(index, sizeof(short)), (short)value);

    /// <inheritdoc/>
    protected override void _SetMedium(int index, int value)
    {
        _bytes[_offset + index] = (byte)(value >> 16);
        BinaryPrimitives.WriteInt16BigEndian(Span(index + 1, sizeof(short)), (short)value);
    }

    /// <inheritdoc/>
    protected override void _SetMediumLE(int index, int value)
    {
        BinaryPrimitives.WriteInt16LittleEndian(Span(index, sizeof(short)), (short)value);
        _bytes[_offset + index + 2] = (byte)(value >> 16);
    }

    /// <inheritdoc/>
    protected override void _SetInt(int index, int value) => BinaryPrimitives.WriteInt32BigEndian(Span(index, sizeof(int)), value);

    /// <inheritdoc/>
    protected override void _SetIntLE(int index, int value) => BinaryPrimitives.WriteInt32LittleEndian(Span(index, sizeof(int)), value);

    /// <inheritdoc/>
    protected override void _SetLong(int index, long value) => BinaryPrimitives.WriteInt64BigEndian(Span(index, sizeof(long)), value);

    /// <inheritdoc/>
    protected override void _SetLongLE(int index, long value) => BinaryPrimitives.WriteInt64LittleEndian(Span(index, sizeof(long)), value);

    /// <inheritdoc/>
    protected override void Deallocate() => _pool.Return(this);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Span(int index, int length) => _bytes.AsSpan(_offset + index, length);
}
