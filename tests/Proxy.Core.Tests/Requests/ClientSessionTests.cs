using System.Text;
using NUnit.Framework;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests;
using Proxy.Core.Requests.Sessions;

namespace Proxy.Core.Tests.Requests;

public sealed class ClientSessionTests
{
    private const string Message = ">2\r\n+message\r\n+hello\r\n";

    private TestPool _pool = null!;
    private TestClient _client = null!;

    [SetUp]
    public void SetUp()
    {
        _pool = new TestPool(Pools.Model() with { ClientOutputLimit = 1000, SubscriberOutputLimit = 1000 });
        _client = new TestClient(_pool);
    }

    [Test]
    public void PutBackWithNothingUnderWay_GoesOn()
    {
        Assert.That(_client.PutBack(), Is.False);
        Assert.That(_client.MayTakeRequest, Is.True);
    }

    [Test]
    public void PutBackBehindOthers_TakesNothingUntilAllAreAnswered()
    {
        var first = Begin();
        var second = Begin();

        Assert.That(_client.PutBack(), Is.True);
        Assert.That(_client.PutBack(), Is.True);
        Answer(second, "+2\r\n");
        Assert.That(_client.MayTakeRequest, Is.False);
        Answer(first, "+1\r\n");

        Assert.That(_client.MayTakeRequest, Is.True);
        Assert.That(_client.PutBack(), Is.False);
    }

    [Test]
    public void PutBackBehindARequestThatFails_GoesOn()
    {
        var first = Begin();
        _client.PutBack();

        first.Fail(new BackendFailure(FailureKind.TimedOut, TestServers.New()));

        Assert.That(_client.MayTakeRequest, Is.True);
    }

    [Test]
    public void HeldUntilATaskIsComplete_TakesNothingBefore()
    {
        var task = new TaskCompletionSource();

        _client.HoldUntil(task.Task);
        _pool.RunAll();
        Assert.That(_client.MayTakeRequest, Is.False);
        task.SetResult();
        _pool.RunAll();

        Assert.That(_client.MayTakeRequest, Is.True);
    }

    [Test]
    public void Push_IsSentAtOnce()
    {
        _client.Push(Encoding.Latin1.GetBytes(Message));

        Assert.That(_client.TakeSent(), Is.EqualTo(Message));
    }

    [Test]
    public void PushBeforeAReply_DoesNotWaitForIt()
    {
        var pending = Begin();

        _client.Push(Encoding.Latin1.GetBytes(Message));
        Answer(pending, "+1\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo(Message + "+1\r\n"));
    }

    [Test]
    public void PushInTheMiddleOfAReply_FollowsItsEndAndStandsBeforeTheNext()
    {
        var first = Begin();
        var second = Begin();
        Answer(second, "+2\r\n");
        first.Append("$10\r\nhello"u8);

        _client.Push(Encoding.Latin1.GetBytes(Message));
        Assert.That(_client.TakeSent(), Is.EqualTo("$10\r\nhello"));
        first.Append("world\r\n"u8);
        first.Finish();

        Assert.That(_client.TakeSent(), Is.EqualTo("world\r\n" + Message + "+2\r\n"));
        Assert.That(_client.EarlyBytes, Is.Zero);
    }

    [Test]
    public void PushWhileAReplyThatBeganEarlyIsPartlyOut_FollowsItsEnd()
    {
        var first = Begin();
        var second = Begin();
        second.Append("$10\r\nhello"u8);
        Answer(first, "+1\r\n");

        _client.Push(Encoding.Latin1.GetBytes(Message));
        second.Append("world\r\n"u8);
        second.Finish();

        Assert.That(_client.TakeSent(), Is.EqualTo("+1\r\n$10\r\nhelloworld\r\n" + Message));
    }

    [Test]
    public void PushToAMutedClient_IsSent()
    {
        _client.ReplyMode = ReplyMode.Off;
        var pending = Begin();
        pending.Append("$10\r\nhello"u8);

        _client.Push(Encoding.Latin1.GetBytes(Message));

        Assert.That(_client.TakeSent(), Is.EqualTo(Message));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void PushesBeyondTheOutputLimit_DropTheClient(bool inTheMiddleOfAReply)
    {
        Begin().Append(inTheMiddleOfAReply ? "$10\r\nhello"u8 : default);

        for (var i = 0; i < 1000 / Message.Length; i++)
        {
            _client.Push(Encoding.Latin1.GetBytes(Message));
        }

        Assert.That(_client.ClosedFor, Is.Null);
        _client.Push(Encoding.Latin1.GetBytes(Message + Message));

        Assert.That(_client.ClosedFor, Is.EqualTo(ClientCloseReason.SubscriberLimit));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void PushesWhileALargeReplyWaits_AreMeasuredByThemselves(bool isWhole)
    {
        var pending = Begin();
        pending.Append(Encoding.Latin1.GetBytes(new string('x', 990)));
        if (isWhole)
        {
            pending.Finish();
        }

        for (var i = 0; i < 1000 / Message.Length; i++)
        {
            _client.Push(Encoding.Latin1.GetBytes(Message));
        }

        _client.CheckOutput();
        Assert.That(_client.ClosedFor, Is.Null);
        _client.Push(Encoding.Latin1.GetBytes(Message));

        Assert.That(_client.ClosedFor, Is.EqualTo(ClientCloseReason.SubscriberLimit));
    }

    [Test]
    public void PushesThatAreSent_DoNotCountAnyMore()
    {
        for (var i = 0; i < 100; i++)
        {
            _client.Push(Encoding.Latin1.GetBytes(Message));
            _client.TakeSent();
        }

        Assert.That(_client.ClosedFor, Is.Null);
    }

    [Test]
    public void PushToAClientThatIsClosing_IsDropped()
    {
        _client.CloseAfterReplies(ClientCloseReason.Quit);

        _client.Push(Encoding.Latin1.GetBytes(Message));

        Assert.That(_client.Output.IsEmpty, Is.True);
    }

    [Test]
    public void MutedRequest_KeepsItsPlaceAndSaysNothing()
    {
        var first = Begin();
        var muted = Begin();
        muted.Mute();
        var third = Begin();

        Answer(third, "+3\r\n");
        Answer(muted, "+2\r\n");
        Answer(first, "+1\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("+1\r\n+3\r\n"));
        Assert.That((_client.Replies.Count, _client.EarlyBytes), Is.EqualTo((0, 0)));
    }

    [Test]
    public void MutedRequestThatFails_SaysNothing()
    {
        var first = Begin();
        var muted = Begin();
        muted.Mute();

        muted.Fail(new BackendFailure(FailureKind.Lost, TestServers.New()));
        Answer(first, "+1\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("+1\r\n"));
        Assert.That(_client.EarlyBytes, Is.Zero);
    }

    [Test]
    public void LaneOfTheClient_IsTheSameUntilItChanges()
    {
        var before = _client.LaneIn(_pool.Connections);
        Assert.That(_client.LaneIn(_pool.Connections), Is.SameAs(before));

        _client.ChangeDatabase(3);
        _client.ChangeProtocol(3);

        var after = _client.LaneIn(_pool.Connections);
        Assert.That(after.Lane, Is.EqualTo(new Lane(3, 3)));
        Assert.That((before.Clients, after.Clients), Is.EqualTo((0, 1)));
    }

    [Test]
    public void ClientThatIsGone_IsInNoLane()
    {
        var lane = _client.LaneIn(_pool.Connections);

        _client.Leave();

        Assert.That(lane.Clients, Is.Zero);
    }

    private PendingRequest Begin() => _client.Pending.Begin(_client, command: null);

    private static void Answer(PendingRequest pending, string reply)
    {
        pending.Append(Encoding.Latin1.GetBytes(reply));
        pending.Finish();
    }
}
