using System.Collections.Immutable;
using Proxy.Core.Model;

namespace Proxy.Core.Topology;

/// <summary>
/// All pools with their servers. Changed by the control loop only; everybody else reads <see cref="Pools"/> and the pools' snapshots.
/// </summary>
internal sealed class ProxyTopology
{
    private readonly int _workers;
    private readonly IHealthReports _reports;
    private ImmutableArray<ServerPool> _pools = [];

    /// <param name="workers">How many workers count.</param>
    /// <param name="reports">Where servers' failures are reported to.</param>
    public ProxyTopology(int workers, IHealthReports reports)
    {
        _workers = workers;
        _reports = reports;
    }

    /// <summary>The pools that run, in the file's order.</summary>
    public ImmutableArray<ServerPool> Pools => _pools;

    /// <summary>The pool that a server belongs to; null when a reload removed it meanwhile.</summary>
    public ServerPool? PoolOf(Server server) =>
        _pools.FirstOrDefault(pool => pool.Snapshot.Shards.Any(shard => ReferenceEquals(shard.Primary, server)));

    /// <summary>
    /// Makes <paramref name="model"/> what runs. A pool of the same name stays the same object, with its counters; a server stays
    /// as long as its name, address, password and database do, with its connections and its health.
    /// </summary>
    /// <returns>The servers that are new.</returns>
    public IReadOnlyList<Server> Apply(ProxyModel model)
    {
        var added = new List<Server>();
        var pools = ImmutableArray.CreateBuilder<ServerPool>(model.Pools.Length);
        foreach (var poolModel in model.Pools)
        {
            var existing = _pools.FirstOrDefault(pool => pool.Name == poolModel.Name);
            var snapshot = PoolSnapshot.Create(poolModel, ShardsOf(poolModel, existing?.Snapshot, added));
            if (existing is null)
            {
                pools.Add(new ServerPool(snapshot, _workers));
            }
            else
            {
                existing.Snapshot = snapshot;
                existing.RefreshLearnt();
                pools.Add(existing);
            }
        }

        ImmutableInterlocked.InterlockedExchange(ref _pools, pools.ToImmutable());
        return added;
    }

    /// <summary>Publishes the pool anew after the health of one of its servers changed.</summary>
    public static void Republish(ServerPool pool)
    {
        var current = pool.Snapshot;
        pool.Snapshot = PoolSnapshot.Create(current.Model, current.Shards);
    }

    private ImmutableArray<Shard> ShardsOf(PoolModel model, PoolSnapshot? previous, List<Server> added)
    {
        var shards = ImmutableArray.CreateBuilder<Shard>(model.Servers.Length);
        foreach (var serverModel in model.Servers)
        {
            var shard = previous?.Shards.FirstOrDefault(shard => IsSame(previous.Model, shard.Primary.Model, model, serverModel));
            if (shard is null)
            {
                var server = new Server(model.Name, serverModel, _workers, _reports);
                added.Add(server);
                shard = new Shard(serverModel.Name, server);
            }

            shards.Add(shard);
        }

        return shards.ToImmutable();
    }

    private static bool IsSame(PoolModel oldPool, ServerModel oldServer, PoolModel newPool, ServerModel newServer) =>
        oldServer.Name == newServer.Name
        && oldServer.Address.Text == newServer.Address.Text
        && oldPool.Database == newPool.Database
        && oldPool.ServerConnections == newPool.ServerConnections
        && (oldPool.Password ?? []).AsSpan().SequenceEqual(newPool.Password ?? []);
}
