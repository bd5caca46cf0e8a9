using NUnit.Framework;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Core.Topology;

namespace Proxy.Core.Tests.Topology;

public sealed class ProxyTopologyTests
{
    private readonly ProxyTopology _topology = new(workers: 1, TestServers.Reports);

    [Test]
    public void SameServerInTheNewModel_StaysTheSameObject()
    {
        Apply(Pools.Model("a", "b"));
        var before = Server("b");

        Apply(Pools.Model("b", "c"));

        Assert.That(Server("b"), Is.SameAs(before));
    }

    [Test]
    public void ServerWithAnotherAddress_IsAnotherServer()
    {
        Apply(Pools.Model("a"));
        var before = Server("a");
        var model = Pools.Model("a");

        Apply(model with { Servers = [model.Servers[0] with { Address = Pools.Address("127.0.0.1:2") }] });

        Assert.That(Server("a"), Is.Not.SameAs(before));
    }

    [Test]
    public void OtherDatabase_IsAnotherServer()
    {
        Apply(Pools.Model("a"));
        var before = Server("a");

        Apply(Pools.Model("a") with { Database = 1 });

        Assert.That(Server("a"), Is.Not.SameAs(before));
    }

    [Test]
    public void PoolOfTheSameName_KeepsItsCounters()
    {
        Apply(Pools.Model("a"));
        var before = _topology.Pools[0];

        Apply(Pools.Model("b"));

        Assert.That(_topology.Pools[0], Is.SameAs(before));
    }

    [Test]
    public void EjectedServer_GetsNoKeysAndTheSnapshotKnowsWhenNobodyIsLeft()
    {
        Apply(Pools.Model("a", "b"));
        var pool = _topology.Pools[0];
        Server("a").Health.State = ServerState.Ejected;
        ProxyTopology.Republish(pool);

        var routes = Enumerable.Range(0, 100).Select(i => pool.Snapshot.Partitioner.Route([(byte)i])).Distinct();
        Assert.That(routes, Is.EqualTo(new[] { 1 }));

        Server("b").Health.State = ServerState.Ejected;
        ProxyTopology.Republish(pool);
        Assert.That(pool.Snapshot.AnyLive, Is.False);
    }

    private void Apply(PoolModel pool) =>
        _topology.Apply(new ProxyModel(new ProcessModel { Threads = 1 }, [pool]));

    private Server Server(string name) => _topology.Pools[0].Snapshot.Shards.Single(shard => shard.Name == name).Primary;
}
