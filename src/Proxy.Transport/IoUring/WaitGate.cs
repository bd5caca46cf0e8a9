namespace Proxy.Transport.IoUring;

/// <summary>
/// Decides how a loop waits. Under load (at least <see cref="IoUringOptions.Gate"/> reads in the last turn) the wait holds out for twice the
/// last turn's reads, for at most <see cref="IoUringOptions.MinimumWait"/>. More requests then share a send, and the servers behind wake up less
/// often: at 50 clients half the CPU per request. With few clients the wait would only add to the latency.
/// </summary>
internal sealed class WaitGate
{
    // A wait with a minimum but without an end spins in the kernel.
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(10);

    private readonly int _gate;
    private readonly uint _minimumWait;
    private int _reads;

    /// <param name="options">The wait under load.</param>
    /// <param name="isSupported">The kernel knows <see cref="IoUringFeatures.MinimumWait"/>.</param>
    public WaitGate(IoUringOptions options, bool isSupported)
    {
        _gate = options.Gate;
        _minimumWait = isSupported ? (uint)Math.Clamp(options.MinimumWait.TotalMicroseconds, 0, 1_000_000) : 0;
    }

    /// <summary>Something was received in this turn.</summary>
    public void CountRead() => _reads++;

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
        else if (_minimumWait > 0 && reads >= _gate)
        {
            ring.Enter(
                Math.Min((uint)reads * 2, ring.CompletionEntries / 2), limit == Timeout.InfiniteTimeSpan ? LongWait : limit, _minimumWait);
        }
        else
        {
            ring.Enter(1, limit);
        }
    }
}
