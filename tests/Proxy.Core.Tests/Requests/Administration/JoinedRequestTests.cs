using DotNetty.Transport.Channels.Embedded;
using NUnit.Framework;

namespace Proxy.Core.Tests.Requests.Administration;

public sealed class JoinedRequestTests
{
    private const string SlowLogLen = "*2\r\n$7\r\nSLOWLOG\r\n$3\r\nLEN\r\n";

    private TestConnector _connector = null!;
    private TestPool _pool = null!;
    private TestClient _client = null!;

    [SetUp]
    public void SetUp()
    {
        _connector = new TestConnector();
        _pool = new TestPool(Pools.Model("a", "b"), connector: _connector);
        _client = new TestClient(_pool);
    }

    [Test]
    public void EveryServer_IsAskedAndTheReplyComesWithTheLast()
    {
        var (one, other) = Ask("SLOWLOG LEN");
        Assert.That((TestConnector.Sent(one), TestConnector.Sent(other)), Is.EqualTo((SlowLogLen, SlowLogLen)));

        TestConnector.Send(one, ":3\r\n");
        Assert.That(_client.TakeSent(), Is.Empty);
        TestConnector.Send(other, ":4\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo(":7\r\n"));
        Assert.That(_client.EarlyBytes, Is.Zero);
    }

    [Test]
    public void ServerThatCannotBeReached_IsLeftOut()
    {
        _client.Request("SLOWLOG LEN");
        var one = _connector.AcceptShared(0);
        _connector.Refuse(1);
        _pool.RunAll();

        TestConnector.Send(one, ":3\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo(":3\r\n"));
    }

    [Test]
    public void ServerThatRefuses_IsLeftOut()
    {
        var (one, other) = Ask("SLOWLOG LEN");
        TestConnector.Send(one, "-NOPERM no\r\n");
        TestConnector.Send(other, ":4\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo(":4\r\n"));
    }

    [Test]
    public void AllServersRefuse_TheFirstErrorIsTheReply()
    {
        var (one, other) = Ask("SLOWLOG LEN");
        TestConnector.Send(other, "-ERR second\r\n");
        TestConnector.Send(one, "-ERR first\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR first\r\n"));
    }

    [Test]
    public void NoServerCanBeReached_TheFirstFailureIsTheReply()
    {
        _client.Request("SLOWLOG LEN");
        _connector.Refuse(1);
        _connector.Refuse(0);
        _pool.RunAll();

        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR Connection refused (pool pool, server a)\r\n"));
    }

    [Test]
    public void CommandThatAllHaveToDo_FailsWithOneThatCannotBeReached()
    {
        _client.Request("LATENCY RESET");
        var one = _connector.AcceptShared(0);
        _connector.Refuse(1);
        _pool.RunAll();

        TestConnector.Send(one, ":3\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR Connection refused (pool pool, server b)\r\n"));
    }

    [Test]
    public void CommandThatAllHaveToDo_IsRefusedInTheWordsOfOneThatRefuses()
    {
        var (one, other) = Ask("LATENCY RESET");
        TestConnector.Send(one, ":3\r\n");
        TestConnector.Send(other, "-ERR no\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR no\r\n"));
    }

    [Test]
    public void RepliesThatDoNotFit_AreAnError()
    {
        var (one, other) = Ask("SLOWLOG LEN");
        TestConnector.Send(one, ":3\r\n");
        TestConnector.Send(other, "+OK\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR unexpected reply from a server to a part of the command\r\n"));
    }

    [Test]
    public void NumbersThatNoServerHas_AreAnError()
    {
        var (one, other) = Ask("SLOWLOG LEN");
        TestConnector.Send(one, ":9223372036854775807\r\n");
        TestConnector.Send(other, ":9223372036854775807\r\n");

        Assert.That(_client.TakeSent(), Does.StartWith("-ERR "));
        _client.Request("PING");
        Assert.That(_client.TakeSent(), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void RepliesBeyondTheOutputLimit_AreNotKept()
    {
        _pool.Apply(Pools.Model("a", "b") with { ClientOutputLimit = 1000 });
        var (one, other) = Ask("MEMORY DOCTOR");
        TestConnector.Send(one, $"$900\r\n{new string('x', 900)}\r\n");
        TestConnector.Send(other, $"$900\r\n{new string('x', 900)}\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR reply is larger than client_output_limit (pool pool)\r\n"));
        Assert.That(_client.ClosedFor, Is.Null);
    }

    [Test]
    public void ClientGone_TheRepliesGoNowhereAndTheConnectionsServeOthers()
    {
        var (one, other) = Ask("SLOWLOG LEN");
        _client.Leave();
        TestConnector.Send(one, ":3\r\n");
        TestConnector.Send(other, ":4\r\n");

        var next = new TestClient(_pool);
        next.Request("SLOWLOG LEN");
        _pool.RunAll();
        TestConnector.Send(one, ":1\r\n");
        TestConnector.Send(other, ":1\r\n");

        Assert.That((_client.TakeSent(), next.TakeSent()), Is.EqualTo(("", ":2\r\n")));
    }

    [Test]
    public void SkippedReply_GoesNowhere()
    {
        _client.Request("CLIENT REPLY SKIP");
        var (one, other) = Ask("SLOWLOG LEN");
        _client.Request("PING");
        TestConnector.Send(one, ":3\r\n");
        TestConnector.Send(other, ":4\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void ServerTakenOutByAReload_StillAnswersAndItsClientWaitsForIt()
    {
        var (one, other) = Ask("SLOWLOG LEN");
        TestConnector.Send(one, ":3\r\n");

        _pool.Apply(Pools.Model("a"));
        Assert.That(_client.MayTakeRequest, Is.False);
        TestConnector.Send(other, ":4\r\n");

        Assert.That((_client.MayTakeRequest, _client.TakeSent()), Is.EqualTo((true, ":7\r\n")));
    }

    [Test]
    public void ConnectionLostMeanwhile_ItsServerIsLeftOut()
    {
        var (one, other) = Ask("SLOWLOG LEN");
        TestConnector.Send(one, ":3\r\n");
        other.CloseAsync();
        _pool.RunAll();

        Assert.That(_client.TakeSent(), Is.EqualTo(":3\r\n"));
    }

    [Test]
    public void RequestsBehindIt_AreAnsweredBehindIt()
    {
        var (one, other) = Ask("SLOWLOG LEN");
        _client.Request("PING");
        Assert.That(_client.TakeSent(), Is.Empty);

        TestConnector.Send(one, ":3\r\n");
        TestConnector.Send(other, ":4\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo(":7\r\n+PONG\r\n"));
    }

    [Test]
    public void InfoWithoutAServerThatAnswers_TellsWhatTheProxyKnows()
    {
        _client.Request("INFO replication");
        _connector.Refuse(0);
        _connector.Refuse(1);
        _pool.RunAll();

        Assert.That(_client.TakeSent(), Is.EqualTo("$48\r\n# Replication\r\nrole:master\r\nconnected_slaves:0\r\n\r\n"));
    }

    [TestCase("-NOPERM this user has no permissions to run the 'info' command\r\n")]
    [TestCase("-ERR unknown command 'INFO', with args beginning with: 'replication' \r\n")]
    public void InfoThatEveryServerRefuses_TellsWhatTheProxyKnows(string refusal)
    {
        var (one, other) = Ask("INFO replication");
        TestConnector.Send(one, refusal[..1]);
        TestConnector.Send(one, refusal[1..]);
        TestConnector.Send(other, refusal);

        Assert.That(_client.TakeSent(), Is.EqualTo("$48\r\n# Replication\r\nrole:master\r\nconnected_slaves:0\r\n\r\n"));
    }

    [Test]
    public void InfoOfBusyServers_IsTheirError()
    {
        var (one, other) = Ask("INFO");
        TestConnector.Send(one, "-NOPERM no\r\n");
        TestConnector.Send(other, "-BUSY Redis is busy\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("-BUSY Redis is busy\r\n"));
    }

    [Test]
    public void InfoAboutTheProxy_AsksNoServer()
    {
        _client.Request("INFO PROXY");

        Assert.That(_client.TakeSent(), Does.Contain("# Proxy\r\nproxy_version:0\r\n").And.Not.Contain("# Server"));
        Assert.That(_connector.Attempts, Is.Zero);
    }

    /// <summary>Sends a request; the servers' ends of its connections.</summary>
    private (EmbeddedChannel One, EmbeddedChannel Other) Ask(string words)
    {
        _client.Request(words);
        var one = _connector.AcceptShared(0);
        var other = _connector.AcceptShared(1);
        _pool.RunAll();
        return (one, other);
    }
}
