namespace Proxy.Transport.Channels;

/// <summary>
/// The receive buffers of one loop's thread. Usually one is enough: handlers give it back before the next read. A handler that keeps a buffer
/// (part of a large value on its way to a slow peer) costs another one until it is released.
/// </summary>
/// <param name="size">Bytes of a buffer.</param>
/// <param name="mostFree">Buffers that stay after a burst.</param>
internal sealed class ReceiveBufferPool(int size, int mostFree)
{
    /// <summary>Bytes of a buffer of <see cref="Current"/>: what one receive call takes at most.</summary>
    public const int BufferSize = 64 * 1024;

    // What stays after a burst; 1 MB.
    private const int MostFree = 16;

    [ThreadStatic]
    private static ReceiveBufferPool? _current;

    private readonly Stack<ReceiveBuffer> _free = new();
    private readonly Thread _owner = Thread.CurrentThread;

    /// <summary>The pool of this thread.</summary>
    public static ReceiveBufferPool Current => _current ??= new ReceiveBufferPool(BufferSize, MostFree);

    /// <summary>Takes an empty buffer with one count.</summary>
    public ReceiveBuffer Rent()
    {
        if (_free.TryPop(out var buffer))
        {
            buffer.Renew();
            return buffer;
        }

        return new ReceiveBuffer(this, GC.AllocateUninitializedArray<byte>(size, pinned: true));
    }

    /// <summary>Takes a buffer back that nobody has a count of.</summary>
    public void Return(ReceiveBuffer buffer)
    {
        // Released on another thread: left to the garbage collector.
        if (_owner == Thread.CurrentThread && _free.Count < mostFree)
        {
            _free.Push(buffer);
        }
    }
}
