namespace Proxy.Transport.IoUring;

/// <summary>
/// Decides how a loop waits. Under load (at least <see cref="IoUringOptions.Gate"/> reads in the last turn) the wait holds out for twice the
/// last turn's reads, for 2.4 microseconds times the active connections, but at most <see cref="IoUringOptions.LongestWait"/>. More
/// requests then share a send, and the servers behind wake up less often: at 50 clients half the CPU per request. With few clients the wait
/// would only add to the latency.
/// </summary>
internal sealed class WaitGate
{
    // A wait with a minimum but without an end spins in the kernel.
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(10);

    // Microseconds. Half of it costs a tenth more CPU at 500 clients; half as much again lengthens the replies' way at 20.
    private const double PerConnection = 2.4;

    private readonly ActiveConnections _active = new();
    private readonly int _gate;
    private readonly uint _longestWait;
    private int _reads;

    /// <param name="options">The wait under load.</param>
    /// <param name="isSupported">The kernel knows <see cref="IoUringFeatures.MinimumWait"/>.</param>
    public WaitGate(IoUringOptions options, bool isSupported)
    {
        _gate = options.Gate;
        _longestWait = isSupported ? (uint)Math.Clamp(options.LongestWait.TotalMicroseconds, 0, 1_000_000) : 0;
    }

    /// <summary>Something was received in this turn.</summary>
    /// <param name="slot">The number of the connection.</param>
    public void CountRead(ulong slot)
    {
        _reads++;
        _active.Note(slot);
    }

    /// <summary>Enters the kernel, and begins the next turn.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="limit">How long to wait at most; zero: not at all; <see cref="Timeout.InfiniteTimeSpan"/>: for as long as it takes.</param>
    public void Enter(IoUringRing ring, TimeSpan limit)
    {
        var reads = _reads;
        _reads = 0;
        if (limit == TimeSpan.Zero)
        {
            ring.Enter(0, TimeSpan.Zero);
        }
        else if (_longestWait > 0 && reads >= _gate)
        {
            ring.Enter(
                Math.Min((uint)reads * 2, ring.CompletionEntries / 2),
                limit == Timeout.InfiniteTimeSpan ? LongWait : limit,
                Math.Min((uint)(_active.Count * PerConnection), _longestWait));
        }
        else
        {
            ring.Enter(1, limit);
        }
    }
}
