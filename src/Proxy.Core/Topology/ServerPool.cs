using System.Collections.Immutable;
using Proxy.Core.Metrics;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

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
    private readonly Lock _learning = new();
    private PoolSnapshot _snapshot;
    private LearntCommands _learnt = LearntCommands.None;
    private ImmutableArray<CommandReport> _reports = [];
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

    /// <summary>The commands that its servers have and the built-in table has not. Read it once per request.</summary>
    public LearntCommands Learnt => Volatile.Read(ref _learnt);

    /// <summary>When its servers are asked anew for their commands.</summary>
    public PoolInquiry Inquiry { get; } = new();

    /// <summary>What its clients loaded with SCRIPT LOAD.</summary>
    public ScriptLibrary Scripts { get; } = new();

    /// <summary>How many databases a client can select, as far as is known: the servers that have fewest decide.</summary>
    public int Databases =>
        Snapshot.Shards.Min(shard => shard.Primary.Facts?.SelectableDatabases) ?? ServerFacts.DefaultDatabases;

    /// <summary>False once a server told that it knows RESP2 only.</summary>
    public bool KnowsResp3 => Snapshot.Shards.All(shard => shard.Primary.Facts is not { KnowsResp3: false });

    /// <summary>A server of it told which commands it has. From any thread.</summary>
    public void Learn(Server server, CommandReport commands)
    {
        lock (_learning)
        {
            // Servers that tell the same share it: a pool may have a thousand.
            server.Commands = Snapshot.Shards.Select(shard => shard.Primary.Commands).FirstOrDefault(other => other?.Digest == commands.Digest) ?? commands;
            JoinReports();
        }
    }

    /// <summary>Its servers are others than before. From any thread.</summary>
    public void RefreshLearnt()
    {
        lock (_learning)
        {
            JoinReports();
        }
    }

    private void JoinReports()
    {
        var reports = Snapshot.Shards.Select(shard => shard.Primary.Commands).OfType<CommandReport>().Distinct().ToImmutableArray();
        if (!reports.SequenceEqual(_reports))
        {
            _reports = reports;
            Volatile.Write(ref _learnt, LearntCommands.Of(reports));
        }
    }

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
