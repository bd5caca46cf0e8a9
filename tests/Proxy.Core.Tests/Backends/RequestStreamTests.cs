using NUnit.Framework;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Workers;

namespace Proxy.Core.Tests.Backends;

public sealed class RequestStreamTests
{
    private ServerCounters _counters = null!;
    private RequestStream _requests = null!;
    private BackendFailure _timeout = null!;

    [SetUp]
    public void SetUp()
    {
        _counters = new ServerCounters();
        _requests = new RequestStream(new Worker(0, new TestLoop().Loop, new MemoryBudget(0)), _counters);
        _timeout = new BackendFailure(FailureKind.TimedOut, TestServers.New());
    }

    [Test]
    public void OverdueRequestThatWasSent_FailsAndKeepsItsPlace()
    {
        var request = Enter(deadline: 10);
        Send();

        _requests.FailOverdue(10, _timeout);

        Assert.That(request.Failure, Is.SameAs(_timeout));
        Assert.That((_requests.Count, request.Abandoned, request.IsRecycled), Is.EqualTo((1, true, false)));
    }

    [Test]
    public void OverdueRequestThatWasNotSent_IsTakenOutWithItsBytes()
    {
        Enter(deadline: 100);
        Send();
        var overdue = Enter(deadline: 10);
        Enter(deadline: 100);
        _requests.SpareOldest();

        _requests.FailOverdue(10, _timeout);

        Assert.That(overdue.IsRecycled, Is.True);
        Assert.That((_requests.Count, _requests.Output.Length), Is.EqualTo((2, 5L)));
    }

    [Test]
    public void RequestWithTimeLeft_DoesNotFail()
    {
        var request = Enter(deadline: 11);

        Assert.That(_requests.FailOverdue(10, _timeout), Is.False);
        Assert.That(request.Failure, Is.Null);
    }

    [Test]
    public void OverdueRequestWhoseReplyIsOnItsWay_IsSpared()
    {
        var request = Enter(deadline: 10);
        Send();
        _requests.SpareOldest();

        _requests.FailOverdue(10, _timeout);

        Assert.That(request.Failure, Is.Null);
    }

    [Test]
    public void OverdueRequestsThatWereNotSent_AreTakenOutTogether()
    {
        var overdue = Enumerable.Range(0, 5).Select(_ => Enter(deadline: 10)).ToArray();
        Enter(deadline: 100);

        _requests.FailOverdue(10, _timeout);

        Assert.That(overdue.Select(request => request.IsRecycled), Is.All.True);
        Assert.That((_requests.Count, _requests.Output.Length, _counters.InQueue), Is.EqualTo((1, 5L, 1L)));
    }

    [Test]
    public void RequestsBehindAReplyThatIsTakenSlowly_FailWhenTheyAreOverdue()
    {
        var slow = Enter(deadline: long.MaxValue);
        var behind = Enter(deadline: long.MaxValue);
        var younger = Enter(deadline: long.MaxValue);
        younger.QueuedMs = 10;
        Send();

        _requests.FailBehindOldest(10, _timeout);

        Assert.That((slow.Failure, behind.Failure, younger.Failure), Is.EqualTo((default(BackendFailure), _timeout, default(BackendFailure))));
        Assert.That(_requests.Count, Is.EqualTo(3), "the places are kept");
    }

    [Test]
    public void LostChannel_FailsWhatWasSentAndKeepsTheRest()
    {
        var sent = Enter(deadline: 100);
        Send();
        var waiting = Enter(deadline: 100);

        _requests.FailSent(_timeout);

        Assert.That((sent.IsRecycled, waiting.IsRecycled), Is.EqualTo((true, false)));
        Assert.That(_requests.Output.Length, Is.EqualTo(5));
    }

    [Test]
    public void GivenUpConnection_FailsEverythingOnce()
    {
        var overdue = Enter(deadline: 10);
        Send();
        _requests.FailOverdue(10, _timeout);
        var lost = new BackendFailure(FailureKind.Lost, _timeout.Server);

        _requests.FailAll(lost);

        Assert.That(overdue.Failure, Is.SameAs(_timeout));
        Assert.That((_requests.Count, overdue.IsRecycled), Is.EqualTo((0, true)));
    }

    [Test]
    public void LostChannelInTheMiddleOfARequest_DropsTheRestOfIt()
    {
        var arriving = Enter(deadline: long.MaxValue);
        Send();
        Extend(arriving, "rest"u8);
        var waiting = Enter(deadline: 100);

        _requests.FailSent(_timeout);

        Assert.That((arriving.Failure, waiting.Failure), Is.EqualTo((_timeout, default(BackendFailure))));
        Assert.That(_requests.Output.Length, Is.EqualTo(5), "only what can be sent on another connection is left");
    }

    [Test]
    public void RequestThatArrivesInParts_IsSentAndCountedAsOne()
    {
        var arriving = Enter(deadline: long.MaxValue);
        Send();
        Extend(arriving, "rest"u8);
        Assert.That((_counters.InQueue, _counters.InQueueBytes, _counters.OutQueue), Is.EqualTo((0L, 4L, 1L)));

        Send();
        Assert.That((_requests.Sent, _counters.OutQueueBytes, arriving.End - arriving.Start), Is.EqualTo((1, 9L, 9L)));
    }

    [Test]
    public void GivenUpInTheMiddleOfARequest_TheCountersAreEmpty()
    {
        var arriving = Enter(deadline: long.MaxValue);
        Send();
        Extend(arriving, "rest"u8);

        _requests.FailAll(_timeout);

        Assert.That((_counters.InQueueBytes, _counters.OutQueueBytes, _requests.Output.Length), Is.EqualTo((0L, 0L, 0L)));
    }

    [Test]
    public void QueuesOfTheCounters_AreTrueAtEveryStep()
    {
        Enter(deadline: 100);
        Assert.That((_counters.InQueue, _counters.InQueueBytes, _counters.OutQueue), Is.EqualTo((1L, 5L, 0L)));

        Send();
        Assert.That((_counters.InQueue, _counters.OutQueue, _counters.OutQueueBytes), Is.EqualTo((0L, 1L, 5L)));

        _requests.FailSent(_timeout);
        Assert.That((_counters.OutQueue, _counters.OutQueueBytes), Is.EqualTo((0L, 0L)));
    }

    private RecordedRequest Enter(long deadline)
    {
        var request = new RecordedRequest { DeadlineMs = deadline };
        _requests.Output.Append("12345"u8);
        _requests.Enter(request, 5);
        return request;
    }

    private void Extend(RecordedRequest request, ReadOnlySpan<byte> bytes)
    {
        _requests.Output.Append(bytes);
        _requests.Extend(request, bytes.Length);
    }

    private void Send()
    {
        _requests.MarkSent();
        _requests.Output.Clear();
    }
}
