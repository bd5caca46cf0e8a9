using System.Collections.Immutable;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Partitioning;

namespace Proxy.Core.Topology;

/// <summary>
/// What a worker routes by: immutable, replaced whole by the control loop. A request uses one snapshot from start to end.
/// </summary>
/// <param name="Model">The pool as configured.</param>
/// <param name="Partitioner">Key to index of a shard, ejected ones left out.</param>
/// <param name="Shards">In the file's order, ejected ones included: the partitioner's indexes point here.</param>
internal sealed record PoolSnapshot(PoolModel Model, Partitioner Partitioner, ImmutableArray<Shard> Shards)
{
    /// <summary>False while every server is ejected: there is nowhere to send anything.</summary>
    public bool AnyLive { get; } = Shards.Any(shard => shard.Primary.Health.State != ServerState.Ejected);

    /// <summary>Builds the snapshot for the servers' state of this moment.</summary>
    public static PoolSnapshot Create(PoolModel model, ImmutableArray<Shard> shards)
    {
        var live = shards.Select(shard => shard.Primary.Health.State != ServerState.Ejected).ToArray();
        return new PoolSnapshot(model, Partitioner.Create(model.Partitioning with { Live = live }), shards);
    }
}
