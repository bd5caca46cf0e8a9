using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>All of one worker's connections to servers, by pool. Used on the worker's loop only.</summary>
internal sealed class BackendRegistry
{
    private readonly Worker _worker;
    private readonly IBackendConnector _connector;
    private readonly Dictionary<ServerPool, PoolConnections> _pools = [];

    public BackendRegistry(Worker worker, IBackendConnector connector)
    {
        _worker = worker;
        _connector = connector;
        worker.AddSweep(Sweep);
    }

    /// <summary>The worker's connections for a pool; made at the first call.</summary>
    public PoolConnections For(ServerPool pool)
    {
        if (!_pools.TryGetValue(pool, out var connections))
        {
            connections = new PoolConnections(_worker, _connector, pool);
            _pools.Add(pool, connections);
        }

        return connections;
    }

    /// <summary>Takes up what the control loop published: new snapshots, and pools that are gone. Connects to the servers of pools that want it.</summary>
    public void Refresh(IReadOnlyCollection<ServerPool> pools)
    {
        foreach (var (pool, connections) in _pools.ToArray())
        {
            if (pools.Contains(pool))
            {
                connections.Refresh();
            }
            else
            {
                _pools.Remove(pool);
                connections.Retire();
            }
        }

        foreach (var pool in pools)
        {
            if (pool.Snapshot.Model.Preconnect)
            {
                For(pool).Preconnect();
            }
        }
    }

    /// <summary>The proxy ends: everything closes once it is answered.</summary>
    public void RetireAll()
    {
        foreach (var connections in _pools.Values.ToArray())
        {
            connections.Retire();
        }

        _pools.Clear();
    }

    private void Sweep(long nowMs)
    {
        foreach (var connections in _pools.Values.ToArray())
        {
            connections.Sweep(nowMs);
        }
    }
}
