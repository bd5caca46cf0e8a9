using DotNetty.Transport.Channels.Embedded;
using NUnit.Framework;
using Proxy.Core.Model;

namespace Proxy.Core.Tests.Requests.Blocking;

public sealed class WaitRequestTests
{
    private const string Nudge = "*3\r\n$8\r\nSPUBLISH\r\n$18\r\n__redis-proxy:wait\r\n$0\r\n\r\n*1\r\n$4\r\nPING\r\n";
    private const string Wait = "*3\r\n$4\r\nWAIT\r\n$1\r\n1\r\n$1\r\n0\r\n";

    private TestConnector _connector = null!;
    private TestPool _pool = null!;
    private TestClient _client = null!;
    private EmbeddedChannel _shared = null!;

    [SetUp]
    public void SetUp() => Start(Pools.Model("a"));

    [Test]
    public void AfterAWrite_GoesOverItsConnectionWhichServesNobodyElse()
    {
        Write();

        _client.Request("WAIT 1 0");
        _pool.RunAll();
        Assert.That(TestConnector.Sent(_shared), Is.EqualTo(Wait));
        TestConnector.Send(_shared, ":2\r\n");

        Assert.That((_client.TakeSent(), _client.MayTakeRequest, _shared.Active, _pool.Pool.Leases), Is.EqualTo((":2\r\n", true, false, 0)));
        _client.Request("GET k");
        Assert.That(_connector.Attempts, Is.EqualTo(2), "a new connection");
    }

    [Test]
    public void OthersRequestsOnTheConnection_AreAnsweredFirst()
    {
        var other = new TestClient(_pool);
        Write();
        other.Request("GET k");

        _client.Request("WAIT 1 0");
        _pool.RunAll();
        Assert.That(other.MayTakeRequest, Is.False, "its next request would go over another connection");
        TestConnector.Send(_shared, "$1\r\nv\r\n");
        Assert.That((other.TakeSent(), other.MayTakeRequest, _shared.Active), Is.EqualTo(("$1\r\nv\r\n", true, true)));

        TestConnector.Send(_shared, ":1\r\n");
        Assert.That(_client.TakeSent(), Is.EqualTo(":1\r\n"));
    }

    [Test]
    public void ClientGone_TheConnectionClosesOnceOthersAreAnswered()
    {
        var other = new TestClient(_pool);
        Write();
        other.Request("GET k");
        _client.Request("WAIT 1 0");
        _pool.RunAll();

        _client.Leave();
        Assert.That(_shared.Active, Is.True);
        TestConnector.Send(_shared, "$1\r\nv\r\n");

        Assert.That((other.TakeSent(), _shared.Active, _pool.Pool.Leases), Is.EqualTo(("$1\r\nv\r\n", false, 0)));
    }

    [Test]
    public void WriteOverAFormerConnection_IsNudgedOnALease()
    {
        Write();
        _client.Request("WAIT 1 0");
        _pool.RunAll();
        TestConnector.Send(_shared, ":1\r\n");
        _client.TakeSent();

        _client.Request("WAIT 1 0");
        var lease = _connector.Accept(1);
        _pool.RunAll();
        Assert.That(TestConnector.Sent(lease), Is.EqualTo(Nudge + Wait));
        TestConnector.Send(lease, ":0\r\n+PONG\r\n:1\r\n");

        Assert.That((_client.TakeSent(), lease.Active), Is.EqualTo((":1\r\n", true)));
    }

    [TestCase("-ERR unknown command 'SPUBLISH', with args beginning with: \r\n", "+PONG\r\n", ":1\r\n")]
    [TestCase("-ERR unknown command 'SPUBLISH', with args beginning with: \r\n", "-NOPERM no ping\r\n", "-ERR earlier writes cannot be waited for: NOPERM no ping (pool pool, server a)\r\n")]
    [TestCase("-NOPERM no message\r\n", "+PONG\r\n", "-ERR earlier writes cannot be waited for: NOPERM no message (pool pool, server a)\r\n")]
    [TestCase("-LOADING Redis is loading the dataset in memory\r\n", "-LOADING x\r\n", "-LOADING Redis is loading the dataset in memory\r\n")]
    public void NudgeRefused_NothingIsClaimedThatTheServerDoesNotKnow(string publish, string ping, string reply)
    {
        Write();
        _client.ChangeDatabase(0);
        _client.Request("WAIT 1 0");
        var lease = _connector.Accept(1);
        _pool.RunAll();

        TestConnector.Send(lease, publish + ping + ":1\r\n");

        Assert.That((_client.TakeSent(), _client.MayTakeRequest), Is.EqualTo((reply, true)));
    }

    [Test]
    public void WritesAndWaitsAllTheTime_OthersAreNotLeftWithoutAConnectionAllTheTime()
    {
        Write();
        _client.Request("WAIT 1 0");
        _pool.RunAll();
        TestConnector.Send(_shared, ":1\r\n");
        _client.TakeSent();
        Write(attempt: 1);

        _client.Request("WAIT 1 0");
        var lease = _connector.Accept(2);
        _pool.RunAll();

        Assert.That((TestConnector.Sent(lease), _shared.Active), Is.EqualTo((Nudge + Wait, true)));
    }

    [Test]
    public void WriteOfItsOwnConnectionAfterOneThatIsShared_IsNudgedOnALease()
    {
        Write();
        _client.Request("BLPOP k 0");
        var lease = _connector.Accept(1);
        _pool.RunAll();
        TestConnector.Sent(lease);
        TestConnector.Send(lease, "*-1\r\n");
        _client.TakeSent();

        _client.Request("WAIT 1 0");
        _pool.RunAll();

        Assert.That((TestConnector.Sent(lease), TestConnector.Sent(_shared)), Is.EqualTo((Nudge + Wait, "")));
    }

    [Test]
    public void SharedWriteAfterOneOfItsOwnConnection_GoesOverTheSharedOne()
    {
        _client.Request("BLPOP k 0");
        var lease = _connector.Accept(0);
        _pool.RunAll();
        TestConnector.Send(lease, "*-1\r\n");
        _client.TakeSent();
        Write(attempt: 1);

        _client.Request("WAIT 1 0");
        _pool.RunAll();

        Assert.That(TestConnector.Sent(_shared), Is.EqualTo(Wait));
    }

    [Test]
    public void NothingWritten_IsAskedOverALease()
    {
        _client.Request("WAIT 1 0");
        var lease = _connector.Accept(0);
        _pool.RunAll();

        Assert.That(TestConnector.Sent(lease), Is.EqualTo(Wait));
    }

    [Test]
    public void ConnectionLostBeforeItWasSent_IsAnErrorWhateverTheNextSays()
    {
        Write();
        _client.Request("WAIT 1 0");

        _shared.CloseAsync();
        _pool.RunAll();
        for (var attempt = 1; attempt < _connector.Attempts; attempt++)
        {
            var next = _connector.AcceptShared(attempt);
            _pool.RunAll();
            TestConnector.Send(next, ":7\r\n");
        }

        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR Connection lost (pool pool, server a)\r\n"));
    }

    [TestCase(false, ":0\r\n")]
    [TestCase(true, "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n")]
    public void Unblocked_TheWaitEndsHere(bool withError, string reply)
    {
        Write();
        _client.Request("WAIT 1 0");
        _pool.RunAll();
        bool? ended = null;

        _client.Unblock(withError, done => ended = done);

        Assert.That((ended, _client.TakeSent(), _client.MayTakeRequest, _shared.Active), Is.EqualTo(((bool?)true, reply, true, false)));
    }

    [TestCase(":3\r\n", ":2\r\n", ":2\r\n")]
    [TestCase(":3\r\n", "-READONLY no\r\n", "-READONLY no\r\n")]
    [TestCase(":3\r\n", "+OK\r\n", "-ERR unexpected reply from a server to a part of the command\r\n")]
    public void SeveralServers_LeastOrError(string first, string second, string reply)
    {
        Start(Pools.Model("a", "b"));
        _client.Request("WAIT 1 0");
        var (a, b) = (_connector.Accept(0), _connector.Accept(1));
        _pool.RunAll();

        TestConnector.Send(a, first);
        Assert.That(_client.TakeSent(), Is.Empty);
        TestConnector.Send(b, second);

        Assert.That(_client.TakeSent(), Is.EqualTo(reply));
    }

    [Test]
    public void FirstError_EndsTheOthersAtOnce()
    {
        Start(Pools.Model("a", "b"));
        _client.Request("WAIT 1 0");
        var (a, b) = (_connector.Accept(0), _connector.Accept(1));
        _pool.RunAll();

        TestConnector.Send(b, "-ERR no\r\n");

        Assert.That((_client.TakeSent(), a.Active, b.Active, _client.MayTakeRequest), Is.EqualTo(("-ERR no\r\n", false, true, true)));
    }

    [Test]
    public void WaitAof_LeastOfEachNumber()
    {
        Start(Pools.Model("a", "b"));
        _client.Request("WAITAOF 1 1 0");
        var (a, b) = (_connector.Accept(0), _connector.Accept(1));
        _pool.RunAll();

        TestConnector.Send(a, "*2\r\n:1\r\n:5\r\n");
        TestConnector.Send(b, "*2\r\n:0\r\n:12\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("*2\r\n:0\r\n:5\r\n"));
    }

    [Test]
    public void Limit_IsAnErrorAndTheConnectionStays()
    {
        Start(Pools.Model("a") with { LeasedConnections = 1 });
        var first = new TestClient(_pool);
        first.Request("BLPOP q 0");
        _connector.Accept(0);
        Write(attempt: 1);

        _client.Request("WAIT 1 0");

        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR leased_connections reached (pool pool, server a)\r\n"));
        Assert.That((_shared.Active, _pool.Pool.Leases), Is.EqualTo((true, 1)));
    }

    [Test]
    public void ServerSilent_TheWaitFailsWhenItsOwnTimeAndTheServersAreOver()
    {
        Start(Pools.Model("a") with { TimeoutMs = 0, ServerHardTimeoutMs = 100 });
        Write();
        _client.Request("WAIT 1 1");
        _pool.RunAll();

        Proxy.Testing.Eventually.True(
            () =>
            {
                _pool.RunAll();
                return _client.Blocked is null;
            },
            "the wait is over");

        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR Connection timed out (pool pool, server a)\r\n"));
    }

    private void Start(PoolModel model)
    {
        _connector = new TestConnector();
        _pool = new TestPool(model, connector: _connector);
        _client = new TestClient(_pool);
    }

    private void Write(int attempt = 0)
    {
        _client.Request("SET k v");
        _shared = _connector.AcceptShared(attempt);
        _pool.RunAll();
        TestConnector.Sent(_shared);
        TestConnector.Send(_shared, "+OK\r\n");
        _client.TakeSent();
    }
}
