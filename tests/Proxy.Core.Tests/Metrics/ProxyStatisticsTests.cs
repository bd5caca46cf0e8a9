using NUnit.Framework;
using Proxy.Core.Metrics;

namespace Proxy.Core.Tests.Metrics;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ProxyStatisticsTests
{
    private readonly FakeStatisticsSource _source = new();

    private ProxyStatistics Taken => ProxyStatistics.Take(_source, _source.StartTime.AddSeconds(90));

    [Test]
    public void CountersOfAllWorkers_AreSummed()
    {
        var first = new PoolCounters(2);
        var second = new PoolCounters(2);
        first.RequestReceived(1);
        second.RequestReceived(1);
        second.RequestReceived(0);
        _source.PoolList.Add(new PoolStatistics { Name = "p", Counters = [first, second], Servers = [] });

        Assert.That(Taken.Pools[0].Counters.Requests(1), Is.EqualTo(2));
    }

    [Test]
    public void CountersOfAServerOnAllWorkers_AreSummed()
    {
        var first = new ServerCounters();
        var second = new ServerCounters();
        first.RequestQueued(5);
        second.RequestQueued(6);
        _source.PoolList.Add(Pool("p", new ServerStatistics { Name = "s", Counters = [first, second] }));

        Assert.That(Taken.Pools[0].Servers[0].Counters.RequestBytes, Is.EqualTo(11));
    }

    [Test]
    public void PoolsAndServers_ComeInTwemproxysOrder()
    {
        _source.PoolList.Add(Pool("server10", Server("zeta"), Server("b"), Server("alpha2")));
        _source.PoolList.Add(Pool("server2"));

        Assert.That(
            Taken.Pools.SelectMany(pool => pool.Servers.Select(server => server.Name).Prepend(pool.Name)),
            Is.EqualTo(new[] { "server2", "server10", "b", "zeta", "alpha2" }));
    }

    [Test]
    public void EjectionsOfAPool_AreThoseOfItsServers()
    {
        _source.PoolList.Add(Pool("p", Server("a") with { Ejections = 2 }, Server("b") with { Ejections = 3 }));

        Assert.That(Taken.Pools[0].Ejections, Is.EqualTo(5));
    }

    [Test]
    public void Uptime_IsTheTimeSinceTheStart() => Assert.That(Taken.Uptime, Is.EqualTo(TimeSpan.FromSeconds(90)));

    [Test]
    public void ClockThatWentBack_GivesNoNegativeUptime() =>
        Assert.That(ProxyStatistics.Take(_source, _source.StartTime.AddSeconds(-1)).Uptime, Is.EqualTo(TimeSpan.Zero));

    [Test]
    public void SnapshotTaken_DoesNotChangeAnyMore()
    {
        var counters = new PoolCounters(2);
        _source.PoolList.Add(new PoolStatistics { Name = "p", Counters = [counters], Servers = [] });
        var taken = Taken;

        counters.BytesReceived(100);

        Assert.That(taken.Pools[0].Counters.ReceivedBytes, Is.Zero);
    }

    private static PoolStatistics Pool(string name, params ServerStatistics[] servers) => new() { Name = name, Counters = [], Servers = servers };

    private static ServerStatistics Server(string name) => new() { Name = name, Counters = [] };
}
