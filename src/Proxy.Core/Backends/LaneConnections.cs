using Proxy.Core.Backends.Leases;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>
/// One worker's connections to the servers of a pool in one lane. Kept up to date with the pool's snapshot by <see cref="PoolConnections"/>.
/// Used on the worker's loop only.
/// </summary>
internal sealed class LaneConnections : IShardLinks
{
    private readonly Worker _worker;
    private readonly IBackendConnector _connector;
    private readonly Dictionary<Server, ServerConnections> _servers = [];
    private ServerConnections[] _shards = [];

    /// <param name="worker">Whose they are.</param>
    /// <param name="connector">Opens channels.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="lane">What the connections have in common.</param>
    public LaneConnections(Worker worker, IBackendConnector connector, PoolConnections pool, Lane lane)
    {
        _worker = worker;
        _connector = connector;
        Pool = pool;
        Lane = lane;
    }

    /// <summary>The pool.</summary>
    public PoolConnections Pool { get; }

    /// <summary>What the connections have in common.</summary>
    public Lane Lane { get; }

    /// <summary>Clients whose requests go this way.</summary>
    public int Clients { get; private set; }

    /// <summary>Since when it has no clients, in <see cref="Environment.TickCount64"/>.</summary>
    public long UnusedSinceMs { get; private set; } = Environment.TickCount64;

    /// <summary>True once the pool let go of it: whoever still has it asks the pool for another.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>The connection for a client to a shard of the pool's snapshot.</summary>
    /// <param name="shard">Index of the shard.</param>
    /// <param name="affinity">The client's own number, not negative.</param>
    public BackendConnection For(int shard, long affinity) => _shards[shard].For(affinity);

    /// <summary>A connection to a server that clients share; null if it is in no snapshot any more.</summary>
    public BackendConnection? SharedTo(Server server) => _servers.TryGetValue(server, out var connections) ? connections.For(0) : null;

    /// <summary>All connections to a shard of the pool's snapshot.</summary>
    public ServerConnections To(int shard) => _shards[shard];

    /// <inheritdoc/>
    public BackendFailure? Accept(int shard, long affinity, out IServerLink link)
    {
        var connection = For(shard, affinity);
        link = connection;
        return connection.Accept();
    }

    /// <summary>The connections to a shard of the pool's snapshot that serve one request each.</summary>
    public DedicatedConnections Dedicated(int shard) => _shards[shard].Dedicated;

    /// <summary>The connections to a shard of the pool's snapshot that one holder has for itself.</summary>
    public LeasePool Leases(int shard) => _shards[shard].Leases;

    /// <summary>Closes a lease that nobody holds.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryCloseIdleLease() => _servers.Values.Any(connections => connections.Leases.TryCloseIdle());

    /// <summary>A client's requests go this way from now on.</summary>
    public void Enter() => Clients++;

    /// <summary>A client's requests no longer go this way.</summary>
    public void Leave()
    {
        Clients--;
        UnusedSinceMs = _worker.NowMs;
    }

    /// <summary>Opens connections to every server.</summary>
    public void Preconnect()
    {
        foreach (var connections in _shards)
        {
            connections.Preconnect();
        }
    }

    /// <summary>The leases of a server; null if it is not in the pool's snapshot any more.</summary>
    public LeasePool? LeasesOf(Server server) => _shards.FirstOrDefault(connections => ReferenceEquals(connections.Server, server))?.Leases;

    /// <summary>Takes up a snapshot; <see cref="RetireGone"/> follows.</summary>
    public void TakeUp(PoolSnapshot snapshot)
    {
        _shards = new ServerConnections[snapshot.Shards.Length];
        for (var i = 0; i < _shards.Length; i++)
        {
            var server = snapshot.Shards[i].Primary;
            if (!_servers.TryGetValue(server, out var connections))
            {
                connections = new ServerConnections(_worker, _connector, server, Lane, Pool, snapshot.Model);
                _servers.Add(server, connections);
            }

            connections.Model = snapshot.Model;
            _shards[i] = connections;
        }
    }

    /// <summary>Lets go of servers that are not in the snapshot. Those that wait for something on their connections may go on at once.</summary>
    public void RetireGone()
    {
        foreach (var gone in _servers.Values.Except(_shards).ToArray())
        {
            _servers.Remove(gone.Server);
            gone.Retire();
        }
    }

    /// <summary>Called every second: closes what nobody needed for long, and leases that a server does not answer in time.</summary>
    public void Sweep(long nowMs)
    {
        foreach (var connections in _shards)
        {
            connections.Dedicated.Sweep(nowMs);
            connections.Leases.Sweep(nowMs);
        }
    }

    /// <summary>The pool lets go of it: every connection finishes what it has and closes.</summary>
    public void Retire()
    {
        IsRetired = true;
        foreach (var connections in _servers.Values.ToArray())
        {
            connections.Retire();
        }
    }
}
