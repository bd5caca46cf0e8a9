using NUnit.Framework;
using Proxy.Core.Topology;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Core.Tests.Topology;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ServerPoolLearningTests
{
    private readonly ProxyTopology _topology = new(workers: 1, TestServers.Reports);

    [SetUp]
    public void TwoServers() => _topology.Apply(Model("s1", "s2"));

    [Test]
    public void WhatAnyServerTells_TheWholePoolKnows()
    {
        Pool.Learn(Server(0), Report("mod.a"));
        Pool.Learn(Server(1), Report("mod.b"));

        Assert.That(Known, Is.EqualTo(new[] { "mod.a", "mod.b" }));
    }

    [Test]
    public void ServersThatTellTheSame_ShareIt()
    {
        Pool.Learn(Server(0), Report("mod.a"));
        var learnt = Pool.Learnt;
        Pool.Learn(Server(1), Report("mod.a"));

        Assert.That(Server(1).Commands, Is.SameAs(Server(0).Commands));
        Assert.That(Pool.Learnt, Is.SameAs(learnt), "nothing new");
    }

    [Test]
    public void ServerThatTellsSomethingElseThanBefore_IsBelieved()
    {
        Pool.Learn(Server(0), Report("mod.a"));
        Pool.Learn(Server(0), Report("mod.b"));

        Assert.That(Known, Is.EqualTo(new[] { "mod.b" }));
    }

    [Test]
    public void ServerThatHasLostItsModules_KnowsNothing()
    {
        Pool.Learn(Server(0), Report("mod.a"));
        Pool.Learn(Server(0), CommandReport.Empty);

        Assert.That(Pool.Learnt.Roots, Is.Empty);
    }

    [Test]
    public void ServerThatLeavesThePool_TakesItsCommandsAway()
    {
        Pool.Learn(Server(0), Report("mod.a"));
        Pool.Learn(Server(1), Report("mod.b"));

        _topology.Apply(Model("s2", "s3"));

        Assert.That(Known, Is.EqualTo(new[] { "mod.b" }));
    }

    private ServerPool Pool => _topology.Pools[0];

    private IEnumerable<string> Known => Pool.Learnt.Roots.Select(command => command.Name);

    private Server Server(int index) => Pool.Snapshot.Shards[index].Primary;

    private static CommandReport Report(string name) => CommandReport.Of([new CommandRow(name, -1)]);

    private static Core.Model.ProxyModel Model(params string[] servers) => new(new Core.Model.ProcessModel { Threads = 1 }, [Pools.Model(servers)]);
}
