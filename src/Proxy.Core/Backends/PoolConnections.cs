using System.Runtime.CompilerServices;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>
/// One worker's view of a pool: the snapshot it routes by and its connections to the servers in it. Used on the worker's loop only.
/// </summary>
internal sealed class PoolConnections
{
    private readonly Worker _worker;
    private readonly BackendConnector _connector;
    private readonly Dictionary<Server, ServerConnections> _servers = [];
    private ServerConnections[] _shards = [];
    private PoolSnapshot? _snapshot;

    public PoolConnections(Worker worker, BackendConnector connector, ServerPool pool)
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

    /// <summary>The pool's snapshot of this moment. A request reads it once and asks for connections by its indexes.</summary>
    public PoolSnapshot Snapshot
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (!ReferenceEquals(_snapshot, Pool.Snapshot))
            {
                Refresh();
            }

            return _snapshot!;
        }
    }

    /// <summary>The connection for a client to a shard of <see cref="Snapshot"/>.</summary>
    /// <param name="shard">Index of the shard.</param>
    /// <param name="affinity">The client's own number.</param>
    public BackendConnection Connection(int shard, long affinity) => _shards[shard].For(affinity);

    /// <summary>The connections to a shard of <see cref="Snapshot"/> that serve one request each.</summary>
    public DedicatedConnections Dedicated(int shard) => _shards[shard].Dedicated;

    /// <summary>Opens connections to every server (<c>preconnect</c>).</summary>
    public void Preconnect()
    {
        foreach (var connections in _shards)
        {
            connections.Preconnect();
        }
    }

    /// <summary>Takes up the pool's current snapshot and lets go of servers that are no longer in it.</summary>
    public void Refresh()
    {
        var snapshot = Pool.Snapshot;
        if (ReferenceEquals(_snapshot, snapshot))
        {
            return;
        }

        _snapshot = snapshot;
        var lane = new Lane(snapshot.Model.Database, RespVersion: 2, User: null);
        _shards = new ServerConnections[snapshot.Shards.Length];
        for (var i = 0; i < _shards.Length; i++)
        {
            var server = snapshot.Shards[i].Primary;
            if (!_servers.TryGetValue(server, out var connections))
            {
                connections = new ServerConnections(_worker, _connector, server, lane, snapshot.Model);
                _servers.Add(server, connections);
            }

            connections.Model = snapshot.Model;
            _shards[i] = connections;
        }

        foreach (var gone in _servers.Keys.Where(server => !snapshot.Shards.Any(shard => ReferenceEquals(shard.Primary, server))).ToArray())
        {
            _servers.Remove(gone, out var connections);
            connections!.Retire();
        }
    }

    /// <summary>Called every second: closes dedicated connections that nobody needed for long.</summary>
    public void Sweep(long nowMs)
    {
        foreach (var connections in _shards)
        {
            connections.Dedicated.Sweep(nowMs);
        }
    }

    /// <summary>The pool is gone: every connection finishes what it has and closes.</summary>
    public void Retire()
    {
        foreach (var connections in _servers.Values)
        {
            connections.Retire();
        }
    }
}
