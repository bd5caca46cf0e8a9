using NUnit.Framework;
using Proxy.Core.Metrics;

namespace Proxy.Core.Tests.Metrics;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PoolCountersTests
{
    private readonly PoolCounters _counters = new(commandCount: 3);

    private static RequestErrorReason[] ForwardReasons =>
    [
        RequestErrorReason.NoServer, RequestErrorReason.ServerDown, RequestErrorReason.Resolve, RequestErrorReason.ConnectionLost,
        RequestErrorReason.Timeout, RequestErrorReason.QueueFull, RequestErrorReason.LeaseLimit, RequestErrorReason.ServerAuth,
        RequestErrorReason.ServerProtocol, RequestErrorReason.MemoryLimit,
    ];

    [Test]
    public void AcceptedClients_LessClosedOnes_AreConnected()
    {
        _counters.ClientAccepted();
        _counters.ClientAccepted();
        _counters.ClientAccepted();
        _counters.ClientClosed(ClientCloseReason.Eof);
        _counters.ClientClosed(ClientCloseReason.Reset);

        Assert.That(_counters.ClientConnections, Is.EqualTo(1));
    }

    [Test]
    public void RejectedClient_IsNotConnected()
    {
        _counters.ClientRejected(ClientRejectReason.Limit);

        Assert.That((_counters.ClientsRejected[ClientRejectReason.Limit], _counters.ClientConnections), Is.EqualTo((1L, 0L)));
    }

    [Test]
    public void Requests_AreCountedByCommand_WithUnknownOnesApart()
    {
        _counters.RequestReceived(-1);
        _counters.RequestReceived(0);
        _counters.RequestReceived(2);
        _counters.RequestReceived(2);

        Assert.That(Enumerable.Range(-1, 4).Select(_counters.Requests), Is.EqualTo(new[] { 1L, 1L, 0L, 2L }));
    }

    [Test]
    public void RequestsNeitherDoneNorAbandoned_AreInFlight()
    {
        for (var i = 0; i < 5; i++)
        {
            _counters.RequestReceived(0);
        }

        _counters.RequestDone(startTicks: 100, nowTicks: 200);
        _counters.RequestAbandoned();

        Assert.That(_counters.RequestsInFlight, Is.EqualTo(3));
    }

    [Test]
    public void DoneRequest_IsObservedWithItsDuration()
    {
        _counters.RequestDone(startTicks: 1000, nowTicks: 1700);

        Assert.That((_counters.RequestDuration.TotalCount(), _counters.RequestDuration.Ticks(0)), Is.EqualTo((1L, 700L)));
    }

    [Test]
    public void SplitRequest_CountsItsFragments()
    {
        _counters.RequestSplit(3);
        _counters.RequestSplit(2);

        Assert.That((_counters.RequestsSplit, _counters.Fragments), Is.EqualTo((2L, 5L)));
    }

    [Test]
    public void BufferedBytes_GoUpAndDown()
    {
        _counters.BytesBuffered(500);
        _counters.BytesBuffered(-200);

        Assert.That(_counters.BufferedBytes, Is.EqualTo(300));
    }

    [TestCaseSource(nameof(ForwardReasons))]
    public void FailureToForward_IsAForwardError(RequestErrorReason reason)
    {
        _counters.RequestFailed(reason);

        Assert.That(_counters.ForwardErrors, Is.EqualTo(1));
    }

    [Test]
    public void OtherFailures_AreNoForwardErrors()
    {
        foreach (var reason in Enum.GetValues<RequestErrorReason>().Except(ForwardReasons))
        {
            _counters.RequestFailed(reason);
        }

        Assert.That(_counters.ForwardErrors, Is.Zero);
    }

    [Test]
    public void Add_AddsEveryCounter()
    {
        var other = new PoolCounters(commandCount: 3);
        foreach (var counters in new[] { _counters, other })
        {
            counters.ClientAccepted();
            counters.ClientAccepted();
            counters.ClientClosed(ClientCloseReason.Idle);
            counters.ClientRejected(ClientRejectReason.MemoryLimit);
            counters.RequestReceived(1);
            counters.RequestReceived(1);
            counters.RequestReceived(1);
            counters.RequestDone(0, 10);
            counters.RequestAbandoned();
            counters.RequestFailed(RequestErrorReason.Timeout);
            counters.RequestSplit(4);
            counters.BytesReceived(7);
            counters.BytesSent(11);
            counters.BytesBuffered(13);
            counters.SubscriptionsChanged(2, 3);
            counters.MessageDelivered(5);
        }

        _counters.Add(other);

        Assert.Multiple(() =>
        {
            Assert.That(_counters.ClientsAccepted, Is.EqualTo(4));
            Assert.That(_counters.ClientConnections, Is.EqualTo(2));
            Assert.That(_counters.ClientsClosed[ClientCloseReason.Idle], Is.EqualTo(2));
            Assert.That(_counters.ClientsRejected[ClientRejectReason.MemoryLimit], Is.EqualTo(2));
            Assert.That(_counters.RequestsReceived, Is.EqualTo(6));
            Assert.That(_counters.Requests(1), Is.EqualTo(6));
            Assert.That(_counters.RequestsInFlight, Is.EqualTo(2));
            Assert.That(_counters.RequestDuration.TotalCount(), Is.EqualTo(2));
            Assert.That(_counters.RequestErrors[RequestErrorReason.Timeout], Is.EqualTo(2));
            Assert.That(_counters.RequestsSplit, Is.EqualTo(2));
            Assert.That(_counters.Fragments, Is.EqualTo(8));
            Assert.That(_counters.ReceivedBytes, Is.EqualTo(14));
            Assert.That(_counters.SentBytes, Is.EqualTo(22));
            Assert.That(_counters.BufferedBytes, Is.EqualTo(26));
            Assert.That(_counters.Subscriptions(2), Is.EqualTo(6));
            Assert.That(_counters.MessagesDelivered, Is.EqualTo(10));
        });
    }
}
