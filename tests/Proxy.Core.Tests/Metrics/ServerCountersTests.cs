using NUnit.Framework;
using Proxy.Core.Metrics;

namespace Proxy.Core.Tests.Metrics;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ServerCountersTests
{
    private readonly ServerCounters _counters = new();

    private (long InQueue, long InBytes, long OutQueue, long OutBytes) Queues =>
        (_counters.InQueue, _counters.InQueueBytes, _counters.OutQueue, _counters.OutQueueBytes);

    [Test]
    public void QueuedRequest_WaitsInTheInQueue()
    {
        _counters.RequestQueued(30);

        Assert.That(Queues, Is.EqualTo((1L, 30L, 0L, 0L)));
    }

    [Test]
    public void WrittenRequest_WaitsInTheOutQueue()
    {
        _counters.RequestQueued(30);
        _counters.RequestQueued(40);
        _counters.RequestsWritten(1, 30);

        Assert.That(Queues, Is.EqualTo((1L, 40L, 1L, 30L)));
    }

    [Test]
    public void SeveralRequestsWrittenAtOnce_MoveTogether()
    {
        _counters.RequestQueued(30);
        _counters.RequestQueued(40);
        _counters.RequestQueued(50);
        _counters.RequestsWritten(2, 70);

        Assert.That(Queues, Is.EqualTo((1L, 50L, 2L, 70L)));
    }

    [Test]
    public void DroppedRequest_LeavesTheInQueue()
    {
        _counters.RequestQueued(30);
        _counters.RequestDropped(30);

        Assert.That(Queues, Is.EqualTo((0L, 0L, 0L, 0L)));
    }

    [Test]
    public void LostRequest_LeavesTheOutQueue()
    {
        Write(30);
        _counters.RequestLost(30);

        Assert.That(Queues, Is.EqualTo((0L, 0L, 0L, 0L)));
    }

    [Test]
    public void AnsweredRequest_LeavesTheOutQueue()
    {
        Write(30);
        _counters.ReplyReceived(requestBytes: 30, replyBytes: 900, startTicks: 0, nowTicks: 1);

        Assert.That(Queues, Is.EqualTo((0L, 0L, 0L, 0L)));
    }

    [Test]
    public void AnsweredRequest_CountsAsAResponseWithItsDuration()
    {
        Write(30);
        _counters.ReplyReceived(requestBytes: 30, replyBytes: 900, startTicks: 100, nowTicks: 350);

        Assert.That((_counters.Responses, _counters.ResponseBytes, _counters.RequestDuration.Ticks(0)), Is.EqualTo((1L, 900L, 250L)));
    }

    [Test]
    public void DiscardedReply_LeavesTheOutQueueButIsNoResponse()
    {
        Write(30);
        _counters.ReplyDiscarded(30);

        Assert.That((Queues, _counters.Responses, _counters.RequestDuration.TotalCount()), Is.EqualTo(((0L, 0L, 0L, 0L), 0L, 0L)));
    }

    [Test]
    public void ReadyConnections_LessClosedOnes_AreOpen()
    {
        _counters.Connected();
        _counters.Connected();
        _counters.Closed(ServerCloseReason.Eof);

        Assert.That((_counters.Connects, _counters.Connections), Is.EqualTo((2L, 1L)));
    }

    [Test]
    public void FailedConnect_OpensNothing()
    {
        _counters.ConnectFailed(ServerConnectFailure.Refused);

        Assert.That((_counters.ConnectFailures[ServerConnectFailure.Refused], _counters.Connections), Is.EqualTo((1L, 0L)));
    }

    [Test]
    public void Add_AddsEveryCounter()
    {
        var other = new ServerCounters();
        foreach (var counters in new[] { _counters, other })
        {
            counters.Connected();
            counters.Connected();
            counters.Closed(ServerCloseReason.Protocol);
            counters.ConnectFailed(ServerConnectFailure.Timeout);
            counters.TimedOut();
            counters.RenewedSubscriptions();
            counters.ErrorReply("LOADING Redis is loading"u8);
            for (var i = 0; i < 4; i++)
            {
                counters.RequestQueued(10);
            }

            counters.RequestsWritten(2, 20);
            counters.RequestDropped(10);
            counters.ReplyReceived(10, 5, 0, 1);
        }

        _counters.Add(other);

        Assert.Multiple(() =>
        {
            Assert.That(_counters.Connects, Is.EqualTo(4));
            Assert.That(_counters.Connections, Is.EqualTo(2));
            Assert.That(_counters.Closes[ServerCloseReason.Protocol], Is.EqualTo(2));
            Assert.That(_counters.ConnectFailures[ServerConnectFailure.Timeout], Is.EqualTo(2));
            Assert.That(_counters.Timeouts, Is.EqualTo(2));
            Assert.That(_counters.SubscriptionsRenewed, Is.EqualTo(2));
            Assert.That(_counters.ErrorReplies[ServerErrorPrefix.Loading], Is.EqualTo(2));
            Assert.That(_counters.Requests, Is.EqualTo(8));
            Assert.That(_counters.RequestBytes, Is.EqualTo(80));
            Assert.That(_counters.Responses, Is.EqualTo(2));
            Assert.That(_counters.ResponseBytes, Is.EqualTo(10));
            Assert.That(_counters.RequestDuration.TotalCount(), Is.EqualTo(2));
            Assert.That(Queues, Is.EqualTo((2L, 20L, 2L, 20L)));
        });
    }

    private void Write(long bytes)
    {
        _counters.RequestQueued(bytes);
        _counters.RequestsWritten(1, bytes);
    }
}
