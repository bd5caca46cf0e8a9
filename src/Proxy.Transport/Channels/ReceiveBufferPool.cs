namespace Proxy.Transport.Channels;

/// <summary>
/// The receive buffers of one loop's thread. Usually one is enough: handlers give it back before the next read. A handler that keeps a buffer
/// (part of a large value on its way to a slow peer) costs another one until it is released.
/// </summary>
/// <remarks>What a burst needed and the quiet after it does not is given back by <see cref="Trim"/>.</remarks>
/// <param name="size">Bytes of a buffer.</param>
internal sealed class ReceiveBufferPool(int size)
{
    /// <summary>Bytes of a buffer of <see cref="Current"/>: what one receive call takes at most.</summary>
    public const int BufferSize = 64 * 1024;

    [ThreadStatic]
    private static ReceiveBufferPool? _current;

    private readonly Stack<ReceiveBuffer> _free = new();
    private readonly Thread _owner = Thread.CurrentThread;
    private int _leastFree;

    /// <summary>The pool of this thread.</summary>
    public static ReceiveBufferPool Current => _current ??= new ReceiveBufferPool(BufferSize);

    /// <summary>Takes an empty buffer with one count.</summary>
    public ReceiveBuffer Rent()
    {
        if (_free.TryPop(out var buffer))
        {
            _leastFree = Math.Min(_leastFree, _free.Count);
        }
        else
        {
            buffer = new ReceiveBuffer(this, GC.AllocateUninitializedArray<byte>(size, pinned: true));
        }

        buffer.Renew();
        return buffer;
    }

    /// <summary>Takes a buffer back that nobody has a count of.</summary>
    public void Return(ReceiveBuffer buffer)
    {
        // Released on another thread: left to the garbage collector.
        if (_owner == Thread.CurrentThread)
        {
            _free.Push(buffer);
        }
    }

    /// <summary>Drops half of the buffers that were free during the whole time since the last call.</summary>
    public void Trim()
    {
        for (var drop = (_leastFree + 1) / 2; drop > 0; drop--)
        {
            _free.Pop();
        }

        _leastFree = _free.Count;
    }
}
