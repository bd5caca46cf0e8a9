using NUnit.Framework;
using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;

namespace Proxy.Core.Tests.Backends.Leases;

public sealed class LeasePoolTests
{
    private LeaseFixture _fixture = null!;

    [SetUp]
    public void SetUp() => _fixture = new LeaseFixture();

    [Test]
    public void GivenBackClean_IsTakenByTheNext()
    {
        var (lease, _) = _fixture.TakeReady();

        lease.GiveBack();

        Assert.That(_fixture.Take(), Is.SameAs(lease));
        Assert.That(_fixture.Connector.Attempts, Is.EqualTo(1));
    }

    [Test]
    public void GivenBackWithARequestOutstanding_IsClosed()
    {
        var (lease, server) = _fixture.TakeReady();
        _fixture.AskAndSend(lease, "GET k\r\n");

        lease.GiveBack();

        Assert.That((server.Active, _fixture.Leases.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void ClosedWhileItSaysItsWords_TheNextIsOpened()
    {
        var leases = Enumerable.Range(0, LeasePool.OpeningLimit + 1).Select(_ => _fixture.Take()).ToArray();
        var server = _fixture.Connector.AcceptShared(0);

        leases[0].Close();

        Assert.That((server.Active, _fixture.Connector.Attempts), Is.EqualTo((false, LeasePool.OpeningLimit + 1)));
    }

    [TestCase("+surprise\r\n")]
    [TestCase(">1\r\n+surprise\r\n")]
    public void BytesOnOneThatNobodyHolds_CloseIt(string bytes)
    {
        var (lease, server) = _fixture.TakeReady();
        lease.GiveBack();

        TestConnector.Send(server, bytes);

        Assert.That((server.Active, _fixture.Leases.Idle, _fixture.Counted), Is.EqualTo((false, 0, 0)));
    }

    [Test]
    public void ServerClosesOneThatNobodyHolds_ItIsForgotten()
    {
        var (lease, server) = _fixture.TakeReady();
        lease.GiveBack();

        server.CloseAsync();

        Assert.That((_fixture.Leases.Idle, _fixture.Counted), Is.EqualTo((0, 0)));
    }

    [Test]
    public void NobodyTookItForLong_IsClosed()
    {
        var (lease, server) = _fixture.TakeReady();
        lease.GiveBack();

        _fixture.Leases.Sweep(Environment.TickCount64 + 9_000);
        Assert.That(server.Active, Is.True);
        _fixture.Leases.Sweep(Environment.TickCount64 + 11_000);

        Assert.That((server.Active, _fixture.Leases.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void MoreGivenBackThanAreKept_AreClosed()
    {
        var leases = Enumerable.Range(0, LeasePool.IdleLimit + 3).Select(_ => _fixture.TakeReady().Lease).ToArray();

        foreach (var lease in leases)
        {
            lease.GiveBack();
        }

        Assert.That((_fixture.Leases.Idle, _fixture.Counted), Is.EqualTo((LeasePool.IdleLimit, LeasePool.IdleLimit)));
    }

    [Test]
    public void Limit_RefusesTheNext()
    {
        _fixture = new LeaseFixture(Pools.Model() with { LeasedConnections = 2 });
        _fixture.Take();
        _fixture.Take();

        Assert.That(_fixture.Leases.Take(new TestHolder(), out _)?.Kind, Is.EqualTo(FailureKind.LeaseLimit));
        Assert.That(_fixture.Counted, Is.EqualTo(2));
    }

    [Test]
    public void LimitWithOneThatNobodyHolds_IsClosedForTheNextOfAnotherLane()
    {
        _fixture = new LeaseFixture(Pools.Model() with { LeasedConnections = 2 });
        var (lease, server) = _fixture.TakeReady();
        lease.GiveBack();
        var other = _fixture.Pool.Connections.LaneFor(new Lane(3, 2)).Leases(0);
        other.Take(new TestHolder(), out _);
        Assert.That(server.Active, Is.True);

        var failure = other.Take(new TestHolder(), out _);

        Assert.That((failure, server.Active, _fixture.Counted), Is.EqualTo(((BackendFailure?)null, false, 2)));
    }

    [Test]
    public void LittleRoom_NothingIsKept()
    {
        _fixture = new LeaseFixture(Pools.Model() with { LeasedConnections = 3 });
        var (lease, server) = _fixture.TakeReady();
        _fixture.Take();

        lease.GiveBack();

        Assert.That((server.Active, _fixture.Counted), Is.EqualTo((false, 1)));
    }

    [Test]
    public void AnotherThreadFoundNoRoom_WhatIsKeptIsClosed()
    {
        var (lease, server) = _fixture.TakeReady();
        lease.GiveBack();
        var pool = _fixture.Pool.Pool;
        while (pool.TryAcquireLease())
        {
        }

        _fixture.Leases.Sweep(Environment.TickCount64);

        Assert.That(server.Active, Is.False);
    }

    [Test]
    public void ManyAtOnce_OpenInTurn()
    {
        var leases = Enumerable.Range(0, LeasePool.OpeningLimit + 2).Select(_ => _fixture.Take()).ToArray();
        Assert.That(_fixture.Connector.Attempts, Is.EqualTo(LeasePool.OpeningLimit));

        _fixture.Connector.Accept(0);
        Assert.That(_fixture.Connector.Attempts, Is.EqualTo(LeasePool.OpeningLimit + 1));
        leases[1].Close();
        Assert.That(_fixture.Connector.Attempts, Is.EqualTo(LeasePool.OpeningLimit + 1), "an attempt to connect cannot be stopped");
        _fixture.Connector.Refuse(1);

        Assert.That((_fixture.Connector.Attempts, leases[^1].State), Is.EqualTo((LeasePool.OpeningLimit + 2, LeaseState.Opening)));
    }

    [Test]
    public void OpeningRefused_FailsThoseThatWaitTooAndTheNextForAWhile()
    {
        var holders = Enumerable.Range(0, LeasePool.OpeningLimit + 1).Select(_ => new TestHolder()).ToArray();
        var requests = holders.Select(holder => _fixture.Ask(_fixture.Take(holder), "PING\r\n")).ToArray();

        _fixture.Connector.Refuse(0);

        Assert.That(holders[^1].Losses, Is.EqualTo(new[] { FailureKind.Refused }));
        Assert.That(requests[^1].Failure?.Kind, Is.EqualTo(FailureKind.Refused));
        Assert.That(_fixture.Leases.Take(new TestHolder(), out _)?.Kind, Is.EqualTo(FailureKind.Refused));
    }

    [Test]
    public void Counters_ShowWhatIsHeldAndWhatIsKept()
    {
        var counters = _fixture.Pool.Pool.Snapshot.Shards[0].Primary.Counters[0];
        var (first, _) = _fixture.TakeReady();
        var (second, server) = _fixture.TakeReady();
        _fixture.Take();
        Assert.That((counters.Leases, counters.LeasesIdle, counters.LeasesOpened), Is.EqualTo((2, 0, 2)), "one is being opened");

        first.GiveBack();
        second.GiveBack();
        Assert.That((counters.Leases, counters.LeasesIdle), Is.EqualTo((2, 2)));
        server.CloseAsync();
        _fixture.Take();
        Assert.That((counters.Leases, counters.LeasesIdle), Is.EqualTo((1, 0)));
        first.Close();

        Assert.That((counters.Leases, counters.LeasesIdle, counters.LeasesOpened), Is.EqualTo((0, 0, 2)));
    }

    [Test]
    public void TakenFromAServerThatIsNoLongerUsed_TheHolderIsTold()
    {
        _fixture.Pool.Connections.Retire();
        var holder = new TestHolder();

        _fixture.Take(holder);
        _fixture.Pool.RunAll();

        Assert.That(holder.Retirements, Is.EqualTo(1));
    }

    [Test]
    public void ServerNoLongerUsed_HoldersAreToldAndWhatIsGivenBackCloses()
    {
        var holder = new TestHolder();
        var (held, heldServer) = _fixture.TakeReady(holder);
        var (idle, idleServer) = _fixture.TakeReady();
        idle.GiveBack();

        _fixture.Pool.Connections.Retire();
        Assert.That((holder.Retirements, heldServer.Active, idleServer.Active), Is.EqualTo((1, true, false)));
        held.GiveBack();

        Assert.That((heldServer.Active, _fixture.Counted), Is.EqualTo((false, 0)));
    }
}
