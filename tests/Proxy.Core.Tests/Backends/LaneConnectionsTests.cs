using NUnit.Framework;
using Proxy.Core.Backends;
using Proxy.Core.Tests.Backends.Leases;
using Proxy.Core.Tests.Requests;

namespace Proxy.Core.Tests.Backends;

public sealed class LaneConnectionsTests
{
    private static readonly Lane Other = new(Database: 5, RespVersion: 3);
    private static readonly long Later = Environment.TickCount64 + 70_000;

    private TestPool _pool = null!;

    [SetUp]
    public void SetUp() => _pool = new TestPool();

    [Test]
    public void SameLane_IsTheSameConnections() =>
        Assert.That(_pool.Connections.LaneFor(Other), Is.SameAs(_pool.Connections.LaneFor(Other)));

    [TestCase(5, 2)]
    [TestCase(0, 3)]
    public void OtherLane_HasConnectionsOfItsOwn(int database, int respVersion)
    {
        var one = _pool.Connections.LaneFor(Other).For(0, affinity: 0);
        var another = _pool.Connections.LaneFor(new Lane(database, respVersion)).For(0, affinity: 0);

        Assert.That(another, Is.Not.SameAs(one));
        Assert.That(another.Server, Is.SameAs(one.Server));
    }

    [Test]
    public void OtherClientsOfALane_ShareItsConnections() =>
        Assert.That(_pool.Connections.LaneFor(Other).For(1, affinity: 1), Is.SameAs(_pool.Connections.LaneFor(Other).For(1, affinity: 2)));

    [Test]
    public void LaneWithoutClients_IsLetGo()
    {
        var lane = _pool.Connections.LaneFor(Other);
        var connection = lane.For(0, affinity: 0);

        _pool.Connections.Sweep(Later);

        Assert.That(lane.IsRetired, Is.True);
        Assert.That(connection.State, Is.EqualTo(ConnectionState.Closed));
        Assert.That(_pool.Connections.LaneFor(Other), Is.Not.SameAs(lane));
    }

    [Test]
    public void LaneThatWasLeftJustNow_IsKept()
    {
        var lane = _pool.Connections.LaneFor(Other);

        _pool.Connections.Sweep(Environment.TickCount64 + 30_000);

        Assert.That(lane.IsRetired, Is.False);
    }

    [Test]
    public void LaneWithAClient_IsKept()
    {
        var lane = _pool.Connections.LaneFor(Other);
        lane.Enter();

        _pool.Connections.Sweep(Later);

        Assert.That(_pool.Connections.LaneFor(Other), Is.SameAs(lane));
    }

    [Test]
    public void LaneInWhichClientsBegin_IsKeptWithoutClients()
    {
        var lane = _pool.Connections.LaneFor(new Lane(0, 2));

        _pool.Connections.Sweep(Later);

        Assert.That(lane.IsRetired, Is.False);
    }

    [Test]
    public void ClientWhoseLaneWasLetGo_GetsAnother()
    {
        var client = new TestClient(_pool);
        client.ChangeDatabase(5);
        var before = client.LaneIn(_pool.Connections);
        before.Leave();

        _pool.Connections.Sweep(Later);

        Assert.That(client.LaneIn(_pool.Connections).IsRetired, Is.False);
    }

    [Test]
    public void NewSnapshot_KeepsTheConnectionsOfServersThatStay()
    {
        _pool.Apply(Pools.Model("a", "b"));
        var lane = _pool.Connections.LaneFor(Other);
        var (a, b) = (lane.For(0, affinity: 0), lane.For(1, affinity: 0));

        _pool.Apply(Pools.Model("b", "c"));
        _pool.Connections.Refresh();

        Assert.That(lane.For(0, affinity: 0), Is.SameAs(b));
        Assert.That(lane.For(1, affinity: 0).Server.Model.Name, Is.EqualTo("c"));
        Assert.That(a.State, Is.EqualTo(ConnectionState.Closed));
    }

    [Test]
    public void HolderThatGoesOnElsewhereWhenItsServerLeaves_FindsEveryLaneUpToDate()
    {
        var pool = new TestPool(Pools.Model("a", "b"), connector: new TestConnector());
        var lane = pool.Connections.LaneFor(Other);
        var later = pool.Connections.LaneFor(new Lane(6, 2));
        var found = "";
        lane.Leases(0).Take(new TestHolder { Retired = GoOn }, out _);

        pool.Apply(Pools.Model("b"));
        pool.Connections.Refresh();

        Assert.That(found, Is.EqualTo("b"));

        void GoOn()
        {
            pool.Connections.LaneFor(new Lane(7, 2));
            found = later.For(0, affinity: 0).Server.Model.Name;
        }
    }

    [Test]
    public void SnapshotThatComesWhileARequestIsHandled_IsNotTakenUpByALaneThatItOpens()
    {
        _pool.Apply(Pools.Model("a", "b"));
        var snapshot = _pool.Connections.Snapshot;

        _pool.Publish(Pools.Model("b"));

        Assert.That(_pool.Connections.LaneFor(Other).For(1, affinity: 0).Server, Is.SameAs(snapshot.Shards[1].Primary));
        Assert.That(_pool.Connections.Snapshot, Is.SameAs(snapshot));
    }

    [Test]
    public void PoolThatBeginsInAnotherDatabase_LetsGoOfTheFormerLane()
    {
        var client = new TestClient(_pool);
        var before = client.LaneIn(_pool.Connections);

        _pool.Apply(Pools.Model() with { Database = 7 });
        _pool.Connections.Refresh();

        Assert.That(before.IsRetired, Is.True);
        Assert.That(client.LaneIn(_pool.Connections).Lane, Is.EqualTo(new Lane(7, 2)));
    }

    [Test]
    public void LaneOfAPoolThatIsGone_ClosesWhatItOpens()
    {
        var connections = _pool.Connections;

        connections.Retire();

        Assert.That(connections.LaneFor(Other).IsRetired, Is.True);
    }
}
