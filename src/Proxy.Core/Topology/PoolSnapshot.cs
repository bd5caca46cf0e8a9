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

    /// <summary>The first shard, in the file's order, whose server is not ejected: where requests go that name no key. 0 if all are.</summary>
    public int FirstLive { get; } = Math.Max(Shards.IndexOf(Shards.FirstOrDefault(shard => shard.Primary.Health.State != ServerState.Ejected)!), 0);

    /// <summary>
    /// Name of a channel to index of its home. The pool's own way where that hashes; where keys lie in ranges or nowhere in particular,
    /// channels are spread over the live servers by the hash of their name.
    /// </summary>
    public Partitioner Channels { get; private init; } = Partitioner;

    /// <summary>Builds the snapshot for the servers' state of this moment.</summary>
    public static PoolSnapshot Create(PoolModel model, ImmutableArray<Shard> shards)
    {
        var live = shards.Select(shard => shard.Primary.Health.State != ServerState.Ejected).ToArray();
        var keys = model.Partitioning with { Live = live };
        var snapshot = new PoolSnapshot(model, Partitioner.Create(keys), shards);
        return model.Distribution is Distribution.Range or Distribution.Random
            ? snapshot with { Channels = Partitioner.Create(ByHash(keys)) }
            : snapshot;
    }

    private static PartitionerOptions ByHash(PartitionerOptions keys) => keys with
    {
        Distribution = Distribution.Modula,
        Hash = HashFunction.Fnv1a_64,
        Bounds = [],
        Otherwise = null,
    };
}
