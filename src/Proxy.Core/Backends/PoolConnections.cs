using System.Runtime.CompilerServices;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>
/// One worker's view of a pool: the snapshot it routes by, and its connections to the servers in it, by lane. Used on the worker's loop
/// only.
/// </summary>
internal sealed class PoolConnections
{
    /// <summary>
    /// Milliseconds after which the connections of a lane without clients are closed: longer than clients take to come back, and than a
    /// script takes to open one connection after the other.
    /// </summary>
    private const int UnusedMs = 60_000;

    private readonly Worker _worker;
    private readonly IBackendConnector _connector;
    private readonly Dictionary<Lane, LaneConnections> _lanes = [];
    private PoolSnapshot? _snapshot;
    private LaneConnections? _default;
    private bool _isRetired;

    public PoolConnections(Worker worker, IBackendConnector connector, ServerPool pool)
    {
        _worker = worker;
        _connector = connector;
        Pool = pool;
        Counters = pool.Counters[worker.Index];
        Refresh();
    }

    /// <summary>The pool.</summary>
    public ServerPool Pool { get; }

    /// <summary>What this worker counts for it.</summary>
    public PoolCounters Counters { get; }

    /// <summary>
    /// The pool's snapshot as the worker took it up last (<see cref="Refresh"/>): the connections are those of its shards. A request asks for them
    /// by its indexes, so that it has to stay the same while one is handled.
    /// </summary>
    public PoolSnapshot Snapshot => _snapshot!;

    /// <summary>The connections of a lane; made at the first call. They are kept while clients are in it (<see cref="LaneConnections.Enter"/>).</summary>
    public LaneConnections LaneFor(Lane lane)
    {
        if (!_lanes.TryGetValue(lane, out var connections))
        {
            connections = new LaneConnections(_worker, _connector, this, lane);
            connections.TakeUp(Snapshot);
            _lanes.Add(lane, connections);
            if (_isRetired)
            {
                // For a straggler: what it opens closes when it is answered.
                connections.Retire();
            }
        }

        return connections;
    }

    /// <summary>True once the pool is gone.</summary>
    public bool IsRetired => _isRetired;

    /// <summary>Where a connection that belongs to no lane's shared ones goes, and how.</summary>
    public ServerConnections TargetOf(Server server, Lane lane) => new(_worker, _connector, server, lane, this, Snapshot.Model);

    /// <summary>The lane in which clients begin.</summary>
    public LaneConnections Default => _default!;

    /// <summary>Opens connections to every server (<c>preconnect</c>) in the lane in which clients begin.</summary>
    public void Preconnect() => _default!.Preconnect();

    /// <summary>Takes up the pool's current snapshot and lets go of servers that are no longer in it. Not while a request is handled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refresh()
    {
        if (!ReferenceEquals(_snapshot, Pool.Snapshot))
        {
            TakeUp(Pool.Snapshot);
        }
    }

    /// <summary>Takes a place among <c>leased_connections</c>, if need be that of a lease which nobody holds.</summary>
    /// <returns>False when all are taken.</returns>
    public bool TryAcquireLease() => Pool.TryAcquireLease() || (TryCloseIdleLease() && Pool.TryAcquireLease());

    /// <summary>Closes a lease that nobody holds, to whatever server and in whatever lane.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryCloseIdleLease() => _lanes.Values.Any(lane => lane.TryCloseIdleLease());

    /// <summary>Called every second: closes what nobody needed for long.</summary>
    public void Sweep(long nowMs)
    {
        foreach (var lane in _lanes.Values.ToArray())
        {
            if (lane.Clients == 0 && lane != _default && nowMs - lane.UnusedSinceMs > UnusedMs)
            {
                Drop(lane);
            }
            else
            {
                lane.Sweep(nowMs);
            }
        }
    }

    /// <summary>The pool is gone: every connection finishes what it has and closes.</summary>
    public void Retire()
    {
        _isRetired = true;
        foreach (var lane in _lanes.Values.ToArray())
        {
            lane.Retire();
        }
    }

    private void TakeUp(PoolSnapshot snapshot)
    {
        // Clients may go on when a connection retires, at once and with other connections: by then all of them are as the snapshot says.
        _snapshot = snapshot;
        var lanes = _lanes.Values.ToArray();
        foreach (var lane in lanes)
        {
            lane.TakeUp(snapshot);
        }

        var former = RefreshDefault(snapshot.Model.Database);
        foreach (var lane in lanes)
        {
            lane.RetireGone();
        }

        if (former is not null && former != _default)
        {
            Drop(former);
        }
    }

    /// <summary>Where clients begin is another database after a reload: those that never selected one have to look for their lane anew.</summary>
    /// <returns>The former lane, which is to be dropped; null if there is none.</returns>
    private LaneConnections? RefreshDefault(int database)
    {
        var former = _default;
        if (former?.Lane.Database == database)
        {
            return null;
        }

        _default = LaneFor(new Lane(database, RespVersion: 2));
        return former;
    }

    private void Drop(LaneConnections lane)
    {
        _lanes.Remove(lane.Lane);
        lane.Retire();
    }
}
