using NUnit.Framework;
using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;

namespace Proxy.Core.Tests.Backends.Leases;

public sealed class LeasedConnectionTests
{
    private LeaseFixture _fixture = null!;

    [SetUp]
    public void SetUp() => _fixture = new LeaseFixture();

    [Test]
    public void RequestBeforeItIsReady_IsSentWhenItIs()
    {
        var lease = _fixture.Take();
        var request = _fixture.AskAndSend(lease, "BLPOP k 0\r\n");

        var server = _fixture.Connector.Accept(0);
        _fixture.Pool.RunAll();
        Assert.That(TestConnector.Sent(server), Is.EqualTo("BLPOP k 0\r\n"));
        TestConnector.Send(server, "*-1\r\n");

        Assert.That((request.Reply, request.IsRecycled), Is.EqualTo(("*-1\r\n", true)));
    }

    [Test]
    public void Ready_KnowsWhatTheServerCallsIt() => Assert.That(_fixture.TakeReady().Lease.ServerClientId, Is.EqualTo(100));

    [Test]
    public void CutPush_ReachesItsHolderWhole()
    {
        const string Push = ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n";
        for (var cut = 1; cut <= Push.Length; cut++)
        {
            var holder = new TestHolder();
            var (lease, server) = _fixture.TakeReady(holder);
            var request = _fixture.AskAndSend(lease, "GET k\r\n");

            TestConnector.Send(server, Push[..cut]);
            TestConnector.Send(server, Push[cut..] + "$1\r\nv\r\n");

            Assert.That(holder.Pushes, Is.EqualTo(new[] { Push }), $"cut at {cut}");
            Assert.That(request.Reply, Is.EqualTo("$1\r\nv\r\n"), $"cut at {cut}");
        }
    }

    [Test]
    public void PushBeyondTheLimit_IsDroppedAndNothingElse()
    {
        _fixture = new LeaseFixture(Pools.Model() with { ClientOutputLimit = 100 });
        var holder = new TestHolder();
        var (lease, server) = _fixture.TakeReady(holder);
        var request = _fixture.AskAndSend(lease, "GET k\r\n");

        TestConnector.Send(server, ">1\r\n$200\r\n" + new string('x', 100));
        TestConnector.Send(server, new string('x', 100) + "\r\n>1\r\n+next\r\n+OK\r\n");

        Assert.That(holder.Pushes, Is.EqualTo(new[] { ">1\r\n+next\r\n" }));
        Assert.That(request.Reply, Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void UnaskedLine_IsAPushForWhoWantsIt()
    {
        var holder = new TestHolder { TakesUnasked = true };
        var (lease, server) = _fixture.TakeReady(holder);
        var request = _fixture.AskAndSend(lease, "MONITOR\r\n");

        TestConnector.Send(server, "+OK\r\n+1.5 [0 a:1] \"GET\"\r\n+2.5 [0 ");
        TestConnector.Send(server, "a:1] \"SET\"\r\n");

        Assert.That(request.Reply, Is.EqualTo("+OK\r\n"));
        Assert.That(holder.Pushes, Is.EqualTo(new[] { "+1.5 [0 a:1] \"GET\"\r\n", "+2.5 [0 a:1] \"SET\"\r\n" }));
    }

    [Test]
    public void UnaskedLineThatNobodyWants_ClosesIt()
    {
        var holder = new TestHolder();
        var (lease, server) = _fixture.TakeReady(holder);

        TestConnector.Send(server, "+OK\r\n");

        Assert.That((lease.State, holder.Losses.Single()), Is.EqualTo((LeaseState.Closed, FailureKind.Garbage)));
    }

    [Test]
    public void ServerGone_FailsTheRequestAndThenTellsTheHolder()
    {
        var holder = new TestHolder();
        var (lease, server) = _fixture.TakeReady(holder);
        var request = _fixture.AskAndSend(lease, "BLPOP k 0\r\n");

        server.CloseAsync();

        Assert.That((request.Failure?.Kind, request.IsRecycled), Is.EqualTo((FailureKind.Lost, true)));
        Assert.That(holder.Losses, Is.EqualTo(new[] { FailureKind.Lost }));
        Assert.That(_fixture.Counted, Is.Zero);
    }

    [Test]
    public void ServerGone_WhoWaitsToSendMoreIsToldWhenItsHolderKnows()
    {
        var holder = new TestHolder();
        var (lease, server) = _fixture.TakeReady(holder);
        var losses = -1;
        lease.WhenDrained(new Waiter(() => losses = holder.Losses.Count));

        server.CloseAsync();

        Assert.That(losses, Is.EqualTo(1));
    }

    [Test]
    public void RequestOfOneWhoDoesNotKnowOfTheEnd_FailsAndNoTimeRuns()
    {
        _fixture = new LeaseFixture(Pools.Model() with { TimeoutMs = 100 });
        var (lease, _) = _fixture.TakeReady();
        lease.Close();
        var request = _fixture.Ask(lease, "GET k\r\n");
        Assert.That(lease.Tick(Environment.TickCount64 + 200), Is.EqualTo(long.MaxValue));

        _fixture.Pool.RunAll();

        Assert.That((request.Failure?.Kind, request.IsRecycled), Is.EqualTo((FailureKind.Lost, true)));
    }

    [Test]
    public void EndOfAReplyWithoutRoom_TheNextOneIsRead()
    {
        var (lease, server) = _fixture.TakeReady();
        var request = new RecordedRequest { HasNoRoom = true };
        lease.Output.Append("GET k\r\n"u8);
        lease.Enqueue(request, 7);
        _fixture.Pool.RunAll();
        TestConnector.Send(server, "$5\r\nhe");
        Assert.That(server.Configuration.AutoRead, Is.False);

        TestConnector.Send(server, "llo\r\n");

        Assert.That((server.Configuration.AutoRead, request.Reply), Is.EqualTo((true, "$5\r\nhello\r\n")));
    }

    [Test]
    public void ServerGone_WhatWasNotSentIsNotSentOnAnother()
    {
        var (lease, server) = _fixture.TakeReady();
        var request = _fixture.Ask(lease, "EXEC\r\n");

        server.CloseAsync();
        _fixture.Pool.RunAll();

        Assert.That(request.Failure?.Kind, Is.EqualTo(FailureKind.Lost));
        Assert.That(_fixture.Connector.Attempts, Is.EqualTo(1));
    }

    [Test]
    public void Closed_TheServersEndClosesAtOnceAndTheHolderIsNotTold()
    {
        var holder = new TestHolder();
        var (lease, server) = _fixture.TakeReady(holder);
        var request = _fixture.AskAndSend(lease, "BLPOP k 0\r\n");

        lease.Close();

        Assert.That(server.Active, Is.False);
        Assert.That(request.IsRecycled, Is.True);
        Assert.That(holder.Losses, Is.Empty);
        Assert.That(_fixture.Counted, Is.Zero);
    }

    [Test]
    public void ClosedWhileOpening_NothingIsLeft()
    {
        var lease = _fixture.Take();

        lease.Close();

        Assert.That(_fixture.Connector.Accept(0).Active, Is.False);
        Assert.That((_fixture.Counted, _fixture.Leases.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void ClosedFromWithinAReply_ItsRequestHasTheReplyAndTheNextFails()
    {
        var (lease, server) = _fixture.TakeReady();
        var first = new RecordedRequest { Replied = lease.Close };
        lease.Output.Append("A\r\n"u8);
        lease.Enqueue(first, 3);
        var second = _fixture.AskAndSend(lease, "B\r\n");

        TestConnector.Send(server, "+a\r\n+b\r\n");

        Assert.That((first.Reply, first.Failure), Is.EqualTo(("+a\r\n", (BackendFailure?)null)));
        Assert.That((second.Reply, second.Failure?.Kind), Is.EqualTo(("", FailureKind.Lost)));
    }

    [Test]
    public void Overdue_FailsAndCloses()
    {
        _fixture = new LeaseFixture(Pools.Model() with { TimeoutMs = 100 });
        var holder = new TestHolder();
        var (lease, _) = _fixture.TakeReady(holder);
        var request = _fixture.AskAndSend(lease, "GET k\r\n");

        lease.Tick(Environment.TickCount64 + 200);

        Assert.That((request.Failure?.Kind, holder.Losses.Single()), Is.EqualTo((FailureKind.TimedOut, FailureKind.TimedOut)));
    }

    [Test]
    public void Blocking_HasTheTimeThatTheServerWasTold()
    {
        _fixture = new LeaseFixture(Pools.Model() with { TimeoutMs = 100, ServerHardTimeoutMs = 1000 });
        var (lease, _) = _fixture.TakeReady();
        var request = new RecordedRequest();
        lease.Output.Append("BLPOP k 5\r\n"u8);
        lease.EnqueueBlocking(request, 11, timeoutMs: 5000);
        _fixture.Pool.RunAll();

        _fixture.Leases.Sweep(Environment.TickCount64 + 5900);
        Assert.That(request.Failure, Is.Null);
        _fixture.Leases.Sweep(Environment.TickCount64 + 6300);

        Assert.That(request.Failure?.Kind, Is.EqualTo(FailureKind.TimedOut));
    }

    [Test]
    public void BlockingWithoutEnd_HasAllTheTimeThereIs()
    {
        var (lease, _) = _fixture.TakeReady();
        var request = new RecordedRequest();
        lease.Output.Append("BLPOP k 0\r\n"u8);
        lease.EnqueueBlocking(request, 11, timeoutMs: 0);
        _fixture.Pool.RunAll();

        _fixture.Leases.Sweep(long.MaxValue - 1);

        Assert.That((request.Failure, lease.State), Is.EqualTo(((BackendFailure?)null, LeaseState.Ready)));
    }

    private sealed class Waiter(Action drained) : IDrainWaiter
    {
        public void OnDrained() => drained();
    }
}
