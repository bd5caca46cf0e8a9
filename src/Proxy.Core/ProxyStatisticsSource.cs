using Proxy.Core.Clients;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp.Commands;

namespace Proxy.Core;

/// <summary>The counters of everything that runs, where they lie: summing them is the reader's work.</summary>
internal sealed class ProxyStatisticsSource : IStatisticsSource
{
    private static readonly string[] Names = [.. CommandTable.All.Select(command => command.Name)];

    private readonly ProxyTopology _topology;
    private readonly Worker[] _workers;
    private readonly ClientRegistry[] _clients;
    private readonly Func<int> _listeners;

    public ProxyStatisticsSource(string transport, ProxyTopology topology, Worker[] workers, ClientRegistry[] clients, Func<int> listeners)
    {
        Transport = transport;
        _topology = topology;
        _workers = workers;
        _clients = clients;
        _listeners = listeners;
    }

    /// <inheritdoc/>
    public DateTimeOffset StartTime { get; } = DateTimeOffset.UtcNow;

    /// <inheritdoc/>
    public string Transport { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> ClientsByWorker => [.. _clients.Select(clients => clients.Count)];

    /// <inheritdoc/>
    public IReadOnlyList<long> AllocatedBytesByWorker => [.. _workers.Select(worker => worker.Counters.AllocatedBytes)];

    /// <inheritdoc/>
    public long TotalConnections => _listeners() + _workers.Sum(worker => worker.Counters.ConnectionsOpened);

    /// <inheritdoc/>
    public long CurrentConnections => _listeners() + _workers.Sum(worker => worker.Counters.ConnectionsOpen);

    /// <inheritdoc/>
    public IReadOnlyList<string> CommandNames => Names;

    /// <inheritdoc/>
    public IReadOnlyList<PoolStatistics> Pools() =>
    [
        .. _topology.Pools.Select(pool => new PoolStatistics
        {
            Name = pool.Name,
            Counters = pool.Counters,
            Servers = [.. pool.Snapshot.Shards.Select(shard => ServerOf(shard.Primary))],
        }),
    ];

    private static ServerStatistics ServerOf(Server server) => new()
    {
        Name = server.Name,
        Counters = server.Counters,
        State = server.Health.State,
        EjectedAt = server.Health.EjectedAtMicros,
        Ejections = server.Health.Ejections,
    };
}
