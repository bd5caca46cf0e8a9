using Proxy.Core.Metrics;
using Proxy.Resp.Commands;

namespace Proxy.Core.Topology;

/// <summary>
/// The shards behind a route with their partitioner.
/// <code>
///   Listener ── Route ──▶ ServerPool ── PoolSnapshot ──▶ Shard ──▶ Server        shared by all workers, written by the control loop
///                             │                                      ▲
///   Worker ─ PoolConnections ─┴─ ServerConnections ─ BackendConnection          one set per worker
/// </code>
/// </summary>
internal sealed class ServerPool
{
    private PoolSnapshot _snapshot;
    private int _clients;
    private int _leases;
    private long _leasesRefused;

    /// <param name="snapshot">The first snapshot.</param>
    /// <param name="workers">How many workers count for it.</param>
    public ServerPool(PoolSnapshot snapshot, int workers)
    {
        _snapshot = snapshot;
        Counters = new PoolCounters[workers];
        for (var i = 0; i < workers; i++)
        {
            Counters[i] = new PoolCounters(CommandTable.Count);
        }
    }

    /// <summary>The name in the file.</summary>
    public string Name => Snapshot.Model.Name;

    /// <summary>The current snapshot. Read it once per request.</summary>
    public PoolSnapshot Snapshot
    {
        get => Volatile.Read(ref _snapshot);
        set => Volatile.Write(ref _snapshot, value);
    }

    /// <summary>One per worker; each is written by its worker only.</summary>
    public PoolCounters[] Counters { get; }

    /// <summary>Whether its clients may go on.</summary>
    public PoolPause Pause { get; } = new();

    /// <summary>Who is subscribed to what, on all workers.</summary>
    public PoolSubscriptions Subscriptions { get; } = new();

    /// <summary>How many databases a client can select, as far as is known: the servers that have fewest decide.</summary>
    public int Databases =>
        Snapshot.Shards.Min(shard => shard.Primary.Facts?.SelectableDatabases) ?? ServerFacts.DefaultDatabases;

    /// <summary>False once a server told that it knows RESP2 only.</summary>
    public bool KnowsResp3 => Snapshot.Shards.All(shard => shard.Primary.Facts is not { KnowsResp3: false });

    /// <summary>Takes a place among <c>client_connections</c>; false when all are taken. Give it back with <see cref="ReleaseClient"/>.</summary>
    public bool TryAcquireClient()
    {
        var limit = Snapshot.Model.ClientConnections;
        if (Interlocked.Increment(ref _clients) <= limit || limit == 0)
        {
            return true;
        }

        Interlocked.Decrement(ref _clients);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void ReleaseClient() => Interlocked.Decrement(ref _clients);

    /// <summary>Leased connections at the moment, those that are kept for the next holder included.</summary>
    public int Leases => Volatile.Read(ref _leases);

    /// <summary>Takes a place among <c>leased_connections</c>; false when all are taken. Give it back with <see cref="ReleaseLease"/>.</summary>
    public bool TryAcquireLease()
    {
        if (Interlocked.Increment(ref _leases) <= Snapshot.Model.LeasedConnections)
        {
            return true;
        }

        Interlocked.Decrement(ref _leases);
        Interlocked.Increment(ref _leasesRefused);
        return false;
    }

    /// <summary>How often all places were taken: threads that keep leases for later then let go of them.</summary>
    public long LeasesRefused => Volatile.Read(ref _leasesRefused);

    /// <summary>Gives a place back.</summary>
    public void ReleaseLease() => Interlocked.Decrement(ref _leases);
}
