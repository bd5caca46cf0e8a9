using System.Text;
using NUnit.Framework;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Workers;

namespace Proxy.Core.Tests.Backends;

public sealed class ReplyReceiverTests
{
    private readonly ServerCounters _counters = new();
    private RequestStream _requests = null!;
    private ReplyReceiver _receiver = null!;

    [SetUp]
    public void SetUp()
    {
        var worker = new Worker(0, new TestLoop().Loop, new MemoryBudget(0));
        _requests = new RequestStream(worker, _counters);
        _receiver = new ReplyReceiver(_requests, TestServers.New(), worker);
    }

    [TestCase("+OK\r\n")]
    [TestCase("$5\r\nhello\r\n")]
    [TestCase("*2\r\n$1\r\na\r\n*1\r\n:1\r\n")]
    [TestCase("-ERR no\r\n")]
    public void ReplyCutAnywhere_ReachesItsRequestWhole(string reply)
    {
        for (var cut = 0; cut <= reply.Length; cut++)
        {
            var request = Enqueue();

            Receive(reply[..cut]);
            Receive(reply[cut..]);

            Assert.That(request.Reply, Is.EqualTo(reply), $"cut at {cut}");
            Assert.That(request.IsWhole && request.IsRecycled, Is.True, $"cut at {cut}");
        }
    }

    [Test]
    public void NoAuthCutAnywhere_IsAFailure()
    {
        const string Reply = "-NOAUTH Authentication required.\r\n";
        for (var cut = 1; cut < Reply.Length; cut++)
        {
            var request = Enqueue();

            Receive(Reply[..cut]);
            Receive(Reply[cut..]);

            Assert.That(request.Failure?.Kind, Is.EqualTo(FailureKind.AuthenticationFailed), $"cut at {cut}");
            Assert.That(request.Parts, Is.Zero, $"cut at {cut}");
        }
    }

    [Test]
    public void RepliesInOneRead_GoToTheirRequestsInOrder()
    {
        var first = Enqueue();
        var second = Enqueue();

        Receive("+1\r\n+2\r\n");

        Assert.That((first.Reply, second.Reply), Is.EqualTo(("+1\r\n", "+2\r\n")));
    }

    [Test]
    public void SmallIncompleteReply_IsKeptBack()
    {
        var request = Enqueue();

        Receive("$100\r\nabc");

        Assert.That(request.Parts, Is.Zero);
    }

    [Test]
    public void LargeIncompleteReply_PassesInParts()
    {
        var request = Enqueue();

        Receive("$100000\r\n" + new string('x', 50_000));

        Assert.That(request.Parts, Is.Positive);
        Assert.That(_receiver.IsStreaming, Is.True);
    }

    [Test]
    public void AbandonedRequest_SwallowsItsReplyAndTheNextGetsItsOwn()
    {
        var late = Enqueue();
        late.Abandoned = true;
        var next = Enqueue();

        Receive("$4\r\nlate\r\n$3\r\nnew\r\n");

        Assert.That((late.Reply, next.Reply), Is.EqualTo(("", "$3\r\nnew\r\n")));
    }

    [Test]
    public void PushMessage_IsNobodysReply()
    {
        var request = Enqueue();

        Receive(">2\r\n+invalidate\r\n*0\r\n+OK\r\n");

        Assert.That(request.Reply, Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void ServerThatWantsAPassword_IsAFailureAndNotAReply()
    {
        var request = Enqueue();

        Receive("-NOAUTH Authentication required.\r\n");

        Assert.That(request.Reply, Is.Empty);
        Assert.That(request.Failure, Is.EqualTo(request.Failure! with { Kind = FailureKind.AuthenticationFailed, Detail = "NOAUTH Authentication required." }));
    }

    [Test]
    public void ReplyThatNobodyAskedFor_IsGarbage() => Assert.That(Receive("+OK\r\n"), Is.EqualTo(ReceiveResult.Garbage));

    [Test]
    public void BytesThatAreNotResp_AreGarbageAndSayWhy()
    {
        Enqueue();

        Assert.That(Receive("hello\r\n"), Is.EqualTo(ReceiveResult.Garbage));
        Assert.That(_receiver.Problem, Is.Not.Empty);
    }

    [Test]
    public void RepliesOfAPieceCutAnywhere_TheLastIsItsReply()
    {
        const string Replies = "+OK\r\n>2\r\n+invalidate\r\n_\r\n$6\r\nQUEUED\r\n-ERR no\r\n*1\r\n:1\r\n";
        for (var cut = 0; cut <= Replies.Length; cut++)
        {
            var piece = Enqueue(replies: 4);
            var next = Enqueue();

            Receive(Replies[..cut]);
            Receive(Replies[cut..] + "+2\r\n");

            Assert.That(piece.InterimReplies, Is.EqualTo(["+OK\r\n", "$6\r\nQUEUED\r\n", "-ERR no\r\n"]), $"cut at {cut}");
            Assert.That((piece.Reply, next.Reply), Is.EqualTo(("*1\r\n:1\r\n", "+2\r\n")), $"cut at {cut}");
            Assert.That(piece.IsWhole && piece.IsRecycled, Is.True, $"cut at {cut}");
        }
    }

    [Test]
    public void LargeReplyBeforeTheLast_IsNotKept()
    {
        var piece = Enqueue(replies: 2);

        Receive("$100000\r\n" + new string('x', 50_000));
        Receive(new string('x', 50_000) + "\r\n");

        Assert.That(piece.InterimReplies.Single(), Has.Length.EqualTo(1024).And.StartWith("$100000\r\nxxx"));
        Assert.That(piece.Parts, Is.Zero);
        Receive("+OK\r\n");
        Assert.That(piece.Reply, Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void PieceThatWasAbandoned_SwallowsAllItsReplies()
    {
        var piece = Enqueue(replies: 3);
        var next = Enqueue();

        Receive("+OK\r\n+QUE");
        piece.Abandoned = true;
        Receive("UED\r\n*1\r\n:1\r\n+2\r\n");

        Assert.That((piece.InterimReplies.Count, piece.Reply, next.Reply), Is.EqualTo((1, "", "+2\r\n")));
        Assert.That(piece.IsRecycled, Is.True);
    }

    [Test]
    public void PieceOfWhichAServerWantsAPassword_FailsAsAWhole()
    {
        var piece = Enqueue(replies: 3);
        var next = Enqueue();

        Receive("-NOAUTH Authentication required.\r\n");
        Assert.That(piece.Failure?.Kind, Is.EqualTo(FailureKind.AuthenticationFailed));
        Receive("-NOAUTH Authentication required.\r\n-NOAUTH Authentication required.\r\n+2\r\n");

        Assert.That((piece.InterimReplies.Count, piece.Reply, next.Reply), Is.EqualTo((0, "", "+2\r\n")));
    }

    [Test]
    public void ConnectionLostInTheMiddleOfAPiece_TheNextBeginsAnew()
    {
        Enqueue(replies: 3);
        Receive("+OK\r\n+QUE");

        _receiver.Reset();
        _requests.FailSent(new BackendFailure(FailureKind.Lost, TestServers.New()));
        var piece = Enqueue(replies: 2);
        Receive("+OK\r\n*0\r\n");

        Assert.That((string.Concat(piece.InterimReplies), piece.Reply), Is.EqualTo(("+OK\r\n", "*0\r\n")));
    }

    [Test]
    public void RepliesOfAPiece_AreCountedAsOne()
    {
        var (replies, bytes) = (_counters.Responses, _counters.ResponseBytes);
        Enqueue(replies: 3);

        Receive("+OK\r\n-ERR no\r\n*0\r\n");

        Assert.That((_counters.Responses - replies, _counters.ResponseBytes - bytes), Is.EqualTo((1, 18)));
    }

    private RecordedRequest Enqueue(int replies = 1)
    {
        var request = new RecordedRequest { RepliesAwaited = replies };
        _requests.Enter(request, 0);
        _requests.MarkSent();
        return request;
    }

    private ReceiveResult Receive(string text)
    {
        ReadOnlySpan<byte> bytes = Encoding.Latin1.GetBytes(text);
        var result = ReceiveResult.More;
        while (!bytes.IsEmpty && result != ReceiveResult.Garbage)
        {
            result = _receiver.Receive(ref bytes, _counters, 0);
        }

        return result;
    }
}
