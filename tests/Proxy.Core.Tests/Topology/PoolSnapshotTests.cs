using NUnit.Framework;
using Proxy.Core.Topology;
using Proxy.Partitioning;

namespace Proxy.Core.Tests.Topology;

/// <summary>Where channels live.</summary>
public sealed class PoolSnapshotTests
{
    [TestCase(Distribution.Ketama)]
    [TestCase(Distribution.Modula)]
    [TestCase(Distribution.Slots)]
    public void WhereKeysAreHashed_ChannelsLiveWithTheKeysOfTheirNames(Distribution distribution)
    {
        var snapshot = Snapshot(distribution, keys => keys);

        Assert.That(Names.Select(name => snapshot.Channels.Route(name)), Is.EqualTo(Names.Select(name => snapshot.Partitioner.Route(name))));
    }

    [Test]
    public void WhereKeysLieInRanges_ChannelsGoByTheirHash()
    {
        var snapshot = Snapshot(Distribution.Range, keys => keys with { Bounds = ["1000"], Otherwise = 0 });

        Assert.That(Names.Select(name => snapshot.Partitioner.Route(name)), Is.All.Zero, "keys below the bound");
        Assert.That(Names.Select(name => snapshot.Channels.Route(name)).Distinct(), Is.EquivalentTo(new[] { 0, 1 }));
    }

    [Test]
    public void WhereKeysLiveAnywhere_AChannelHasOneHome()
    {
        var snapshot = Snapshot(Distribution.Random, keys => keys);

        Assert.That(Enumerable.Range(0, 50).Select(_ => snapshot.Channels.Route("a")).Distinct().Count(), Is.EqualTo(1));
        Assert.That(Names.Select(name => snapshot.Channels.Route(name)).Distinct(), Is.EquivalentTo(new[] { 0, 1 }));
    }

    private static IEnumerable<string> Names => Enumerable.Range(0, 100).Select(i => $"channel:{i}");

    private static PoolSnapshot Snapshot(Distribution distribution, Func<PartitionerOptions, PartitionerOptions> with)
    {
        var model = Pools.Model("a", "b");
        model = model with { Distribution = distribution, Partitioning = with(model.Partitioning with { Distribution = distribution }) };
        return PoolSnapshot.Create(model, [.. model.Servers.Select(server => new Shard(server.Name, new Server("pool", server, 1, TestServers.Reports)))]);
    }
}
