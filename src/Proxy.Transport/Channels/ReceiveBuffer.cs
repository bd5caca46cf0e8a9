using DotNetty.Buffers;

namespace Proxy.Transport.Channels;

/// <summary>
/// Memory to receive into: a pinned array, which handlers get as it is. Who retains it keeps it; when the last count is released it goes
/// back to the pool of its loop.
/// </summary>
internal sealed class ReceiveBuffer : UnpooledHeapByteBuffer
{
    private readonly ReceiveBufferPool _pool;
    private readonly byte[] _bytes;
    private bool _resized;

    /// <param name="pool">Where it goes back to.</param>
    /// <param name="bytes">A pinned array.</param>
    public ReceiveBuffer(ReceiveBufferPool pool, byte[] bytes)
        : base(UnpooledByteBufferAllocator.Default, bytes, bytes.Length)
    {
        _pool = pool;
        _bytes = bytes;
    }

    /// <summary>The address of the first byte of the array, which never moves.</summary>
    public override unsafe nint AddressOfPinnedMemory() => _resized
        ? 0
        : (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_bytes));

    /// <summary>A handler that resizes the buffer gets an array of its own, and the buffer does not come back.</summary>
    public override IByteBuffer AdjustCapacity(int newCapacity)
    {
        _resized |= newCapacity != Capacity;
        return base.AdjustCapacity(newCapacity);
    }

    /// <summary>Empty again, with one count.</summary>
    public void Renew()
    {
        SetReferenceCount(1);
        SetIndex(0, 0);

        // The marks of whoever had it before.
        MarkReaderIndex();
        MarkWriterIndex();
    }

    /// <inheritdoc/>
    protected override void Deallocate()
    {
        if (!_resized)
        {
            _pool.Return(this);
        }
    }
}
