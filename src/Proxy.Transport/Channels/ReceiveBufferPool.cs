namespace Proxy.Transport.Channels;

/// <summary>
/// The receive buffers of one loop's thread. Usually one is enough: handlers give it back before the next read. A handler that keeps a buffer
/// (part of a large value on its way to a slow peer) costs another one until it is released.
/// </summary>
internal sealed class ReceiveBufferPool
{
    /// <summary>Bytes of a buffer: what one receive call takes at most.</summary>
    public const int BufferSize = 64 * 1024;

    // What stays after a burst; 1 MB.
    private const int MostFree = 16;

    [ThreadStatic]
    private static ReceiveBufferPool? _current;

    private readonly Stack<ReceiveBuffer> _free = new(MostFree);

    /// <summary>The pool of this thread.</summary>
    public static ReceiveBufferPool Current => _current ??= new ReceiveBufferPool();

    /// <summary>Takes an empty buffer with one count.</summary>
    public ReceiveBuffer Rent()
    {
        if (_free.TryPop(out var buffer))
        {
            buffer.Renew();
            return buffer;
        }

        return new ReceiveBuffer(this, GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true));
    }

    /// <summary>Takes a buffer back that nobody has a count of.</summary>
    public void Return(ReceiveBuffer buffer)
    {
        // Released on another thread: left to the garbage collector.
        if (this == _current && _free.Count < MostFree)
        {
            _free.Push(buffer);
        }
    }
}
