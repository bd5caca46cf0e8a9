using DotNetty.Buffers;

namespace Proxy.Core.Workers;

/// <summary>
/// A received buffer of which parts are referred to. It counts its references itself, so that the buffer's memory is counted once
/// however many parts of it are kept, and gives the buffer back with the last of them.
/// </summary>
internal sealed class KeptBuffer
{
    private readonly InputReferences _home;
    private IByteBuffer? _buffer;
    private int _capacity;
    private int _references;

    public KeptBuffer(InputReferences home)
    {
        _home = home;
    }

    /// <summary>The buffer.</summary>
    public IByteBuffer Buffer => _buffer!;

    /// <summary>The next of the free list.</summary>
    public KeptBuffer? Next { get; set; }

    /// <summary>Keeps <paramref name="buffer"/>, with one count for the caller.</summary>
    public void Keep(IByteBuffer buffer)
    {
        Next = null;
        _buffer = (IByteBuffer)buffer.Retain();
        _references = 1;

        // A block counts as long as it exists, kept or not.
        _capacity = buffer is Block ? 0 : buffer.Capacity;
        _home.Memory.Add(_capacity);
    }

    /// <summary>One more part of it is kept.</summary>
    public void Retain() => Interlocked.Increment(ref _references);

    /// <summary>One part less is kept. A channel closed from another thread may release there.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            var buffer = _buffer!;
            _buffer = null;
            _home.Memory.Add(-_capacity);
            buffer.Release();
            _home.Return(this);
        }
    }
}
