namespace Proxy.Core.Workers;

/// <summary>
/// What all workers together hold in buffers, measured against <c>memory_limit</c>. It changes only when a block is taken
/// from or given back to the runtime, not per request, so one shared counter costs nothing.
/// </summary>
internal sealed class MemoryBudget
{
    private long _limit;
    private long _used;

    /// <param name="limit">Bytes; 0 means no limit.</param>
    public MemoryBudget(long limit)
    {
        _limit = limit;
    }

    /// <summary>Bytes; 0 means no limit. A reload may change it.</summary>
    public long Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    /// <summary>Bytes held in blocks and input buffers, the free ones that are kept for the next request included.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>True when nothing more should be taken in. What is already under way may still finish.</summary>
    public bool IsExhausted
    {
        get
        {
            var limit = Limit;
            return limit > 0 && Used >= limit;
        }
    }

    /// <summary>True when half is held: what is kept for the next burst may be missing elsewhere.</summary>
    public bool IsScarce => Limit is > 0 and var limit && Used >= limit / 2;

    /// <summary>Counts <paramref name="bytes"/> as held; negative gives them back.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _used, bytes);
}
