namespace Proxy.Transport.Channels;

/// <summary>
/// The receive buffers of one loop's thread. Usually one is enough: handlers give it back before the next read. A handler that keeps a buffer
/// (part of a large value on its way to a slow peer) costs another one until it is released.
/// </summary>
/// <remarks>
/// Buffers lie in <see cref="ReceiveSlab"/>s and are taken from the first one that has any, so that the last ones become empty. What a burst
/// needed and the quiet after it does not is given back by <see cref="Trim"/>. All members belong to the thread that made the pool; only
/// <see cref="Return"/> may be called anywhere.
/// </remarks>
/// <param name="size">Bytes of a buffer, a divisor of <see cref="ReceiveSlab.Size"/>.</param>
internal sealed class ReceiveBufferPool(int size)
{
    /// <summary>Bytes of a buffer of <see cref="Current"/>: what one receive call takes at most.</summary>
    public const int BufferSize = 64 * 1024;

    [ThreadStatic]
    private static ReceiveBufferPool? _current;

    private readonly List<ReceiveSlab> _slabs = [];
    private readonly Thread _owner = Thread.CurrentThread;

    // Released on other threads; a slab must not wait for ever for one of its buffers.
    private ReceiveBuffer? _strays;
    private int _first;
    private int _used;
    private int _empty;
    private int _leastEmpty;

    /// <summary>The pool of this thread.</summary>
    public static ReceiveBufferPool Current => _current ??= new ReceiveBufferPool(BufferSize);

    /// <summary>Slabs that it holds.</summary>
    public int Slabs => _slabs.Count;

    /// <summary>The buffers in use lie in more slabs than they fill, and more than one of them could be done without.</summary>
    public bool IsScattered => (_slabs.Count - _empty - 1) * (ReceiveSlab.Size / size) > _used;

    /// <summary>Takes an empty buffer with one count.</summary>
    public ReceiveBuffer Rent()
    {
        var slab = FindSlab();
        if (slab.IsEmpty)
        {
            _empty--;
            _leastEmpty = Math.Min(_leastEmpty, _empty);
        }

        _used++;
        var buffer = slab.Take();
        buffer.Renew();
        return buffer;
    }

    /// <summary>Takes a buffer back that nobody has a count of.</summary>
    public void Return(ReceiveBuffer buffer)
    {
        if (_owner == Thread.CurrentThread)
        {
            Put(buffer);
            return;
        }

        do
        {
            buffer.NextStray = Volatile.Read(ref _strays);
        }
        while (Interlocked.CompareExchange(ref _strays, buffer, buffer.NextStray) != buffer.NextStray);
    }

    /// <summary>
    /// Gives back half of the slabs that were empty during the whole time since the last call; the last slab stays.
    /// </summary>
    public void Trim()
    {
        PutStrays();
        var drop = (_leastEmpty + 1) / 2;
        for (var i = _slabs.Count - 1; i >= 0 && drop > 0 && _slabs.Count > 1; i--)
        {
            if (_slabs[i].IsEmpty)
            {
                _slabs[i].Discard();
                _slabs.RemoveAt(i);
                _empty--;
                drop--;
            }
        }

        for (var i = 0; i < _slabs.Count; i++)
        {
            _slabs[i].Index = i;
        }

        _first = 0;
        _leastEmpty = _empty;
    }

    private ReceiveSlab FindSlab()
    {
        for (; _first < _slabs.Count; _first++)
        {
            if (_slabs[_first].Free > 0)
            {
                return _slabs[_first];
            }
        }

        if (!PutStrays())
        {
            _slabs.Add(new ReceiveSlab(this, size) { Index = _first });
            _empty++;
        }

        return _slabs[_first];
    }

    private void Put(ReceiveBuffer buffer)
    {
        var slab = buffer.Slab;
        slab.Put(buffer);
        _used--;
        _first = Math.Min(_first, slab.Index);
        if (slab.IsEmpty)
        {
            _empty++;
        }
    }

    /// <returns>False if there were none.</returns>
    private bool PutStrays()
    {
        var stray = _strays is null ? null : Interlocked.Exchange(ref _strays, null);
        var found = stray is not null;
        while (stray is not null)
        {
            var next = stray.NextStray;
            stray.NextStray = null;
            Put(stray);
            stray = next;
        }

        return found;
    }
}
