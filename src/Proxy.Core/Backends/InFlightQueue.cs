namespace Proxy.Core.Backends;

/// <summary>The requests of one connection in the order in which they were, or will be, sent. A ring that grows and shrinks.</summary>
internal sealed class InFlightQueue
{
    private const int MinCapacity = 16;

    // 64 KB for each connection. Thousands of clients come in waves of more than a thousand: a ring dropped after each took 33 KB anew.
    private const int KeptCapacity = 8 * 1024;

    private InFlight?[] _ring = new InFlight?[MinCapacity];
    private int _head;

    /// <summary>Requests in the queue.</summary>
    public int Count { get; private set; }

    /// <summary>The <paramref name="index"/>-th oldest.</summary>
    public InFlight this[int index] => _ring[(_head + index) & (_ring.Length - 1)]!;

    /// <summary>Adds the youngest.</summary>
    public void Enqueue(InFlight item)
    {
        if (Count == _ring.Length)
        {
            Resize(_ring.Length * 2);
        }

        _ring[(_head + Count) & (_ring.Length - 1)] = item;
        Count++;
    }

    /// <summary>Removes the oldest.</summary>
    public InFlight Dequeue()
    {
        var item = _ring[_head]!;
        _ring[_head] = null;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        if (Count == 0 && _ring.Length > KeptCapacity)
        {
            // What a burst needed beyond this is not kept for good.
            Resize(KeptCapacity);
        }

        return item;
    }

    /// <summary>Removes <paramref name="count"/> requests from <paramref name="index"/> on. Rare: timeouts of unsent requests only.</summary>
    public void RemoveRange(int index, int count)
    {
        for (var i = index; i + count < Count; i++)
        {
            _ring[(_head + i) & (_ring.Length - 1)] = this[i + count];
        }

        for (var i = Count - count; i < Count; i++)
        {
            _ring[(_head + i) & (_ring.Length - 1)] = null;
        }

        Count -= count;
    }

    private void Resize(int capacity)
    {
        var ring = new InFlight?[capacity];
        for (var i = 0; i < Count; i++)
        {
            ring[i] = this[i];
        }

        _ring = ring;
        _head = 0;
    }
}
