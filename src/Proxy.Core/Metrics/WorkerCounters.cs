using System.Diagnostics;

namespace Proxy.Core.Metrics;

/// <summary>What one worker counts that belongs to no pool, and its sign of life. Its thread alone calls the methods, any thread reads.</summary>
internal sealed class WorkerCounters
{
    private long _closed;
    private long _allocated;
    private long _beat = Stopwatch.GetTimestamp();

    /// <summary>Sockets of all kinds opened ever: clients, servers, listeners.</summary>
    public long ConnectionsOpened { get; private set; }

    /// <summary>Sockets of all kinds open now.</summary>
    public long ConnectionsOpen => Math.Max(0, ConnectionsOpened - _closed);

    /// <summary>Managed memory, in bytes, that the worker's thread had allocated when it last gave a sign of life.</summary>
    public long AllocatedBytes => Volatile.Read(ref _allocated);

    /// <summary>When the loop last gave a sign of life; at first, when the counters were made.</summary>
    public TimeSpan SinceBeat => Stopwatch.GetElapsedTime(Volatile.Read(ref _beat));

    /// <summary>A socket of any kind was opened.</summary>
    public void ConnectionOpened() => ConnectionsOpened++;

    /// <summary>A socket of any kind was closed.</summary>
    public void ConnectionClosed() => _closed++;

    /// <summary>The loop turns: to be called about once a second.</summary>
    public void Beat()
    {
        Volatile.Write(ref _allocated, GC.GetAllocatedBytesForCurrentThread());
        Volatile.Write(ref _beat, Stopwatch.GetTimestamp());
    }
}
