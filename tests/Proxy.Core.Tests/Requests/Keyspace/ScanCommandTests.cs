using DotNetty.Transport.Channels.Embedded;
using NUnit.Framework;

namespace Proxy.Core.Tests.Requests.Keyspace;

/// <summary>SCAN over three servers: what each is sent, and what becomes of its reply.</summary>
public sealed class ScanCommandTests
{
    private TestConnector _connector = null!;
    private TestPool _pool = null!;
    private TestClient _client = null!;

    [SetUp]
    public void Open()
    {
        _connector = new TestConnector();
        _pool = new TestPool(Pools.Model("a", "b", "c"), connector: _connector);
        _client = new TestClient(_pool);
    }

    [TearDown]
    public void NothingIsLeft()
    {
        _client.Leave();
        Assert.That(_client.EarlyBytes, Is.Zero);
    }

    [Test]
    public void Beginning_GoesToTheFirstServer()
    {
        var server = Scan("0 MATCH x* COUNT 7");

        Assert.That(TestConnector.Sent(server), Is.EqualTo("*6\r\n$4\r\nSCAN\r\n$1\r\n0\r\n$5\r\nMATCH\r\n$2\r\nx*\r\n$5\r\nCOUNT\r\n$1\r\n7\r\n"));
    }

    [TestCase("0", "17", "17408")]
    [TestCase("0", "0", "1")]
    [TestCase("17409", "0", "2")]
    [TestCase("17410", "0", "0")]
    [TestCase("17410", "3", "3074")]
    public void CursorOfTheReply_LeadsOn(string cursor, string position, string next)
    {
        var server = Scan($"{cursor} COUNT 2");

        TestConnector.Send(server, Reply(position));

        Assert.That(_client.TakeSent(), Is.EqualTo(Reply(next)));
    }

    [Test]
    public void CursorOfAClient_IsTheServersOwn()
    {
        var server = Scan("17410");

        Assert.That(TestConnector.Sent(server), Is.EqualTo("*2\r\n$4\r\nSCAN\r\n$2\r\n17\r\n"));
    }

    [Test]
    public void ReplyCutAnywhere_ComesOutTheSame()
    {
        var large = $"*2\r\n$10\r\n1234567890\r\n*2\r\n$20000\r\n{new string('k', 20_000)}\r\n$1\r\na\r\n";
        var expected = large.Replace("$10\r\n1234567890", "$13\r\n1264197519361", StringComparison.Ordinal);
        foreach (var cut in Enumerable.Range(1, 40).Append(20_000).Append(large.Length - 1))
        {
            Open();
            var server = Scan("1");

            TestConnector.Send(server, large[..cut]);
            TestConnector.Send(server, large[cut..]);

            Assert.That(_client.TakeSent() == expected, $"cut at {cut}");
        }
    }

    [TestCase("-NOPERM no\r\n")]
    [TestCase("-ERR syntax error\r\n")]
    public void Error_PassesAsItIs(string error)
    {
        var server = Scan("0");

        TestConnector.Send(server, error);

        Assert.That(_client.TakeSent(), Is.EqualTo(error));
    }

    [TestCase("+OK\r\n")]
    [TestCase("*0\r\n")]
    [TestCase("*2\r\n:5\r\n*0\r\n")]
    [TestCase("*2\r\n$1\r\nx\r\n*0\r\n")]
    [TestCase("*2\r\n$20\r\n18446744073709551615\r\n*0\r\n")]
    [TestCase("*2\r\n$30\r\n184467440737095516151844674407\r\n*0\r\n")]
    [TestCase("*3\r\n$1\r\n0\r\n*0\r\n*0\r\n")]
    public void ReplyThatMakesNoSense_IsAnError(string reply)
    {
        var server = Scan("0");

        TestConnector.Send(server, reply);
        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR unexpected reply from a server to a part of the command\r\n"));

        _client.Request("SCAN 0");
        _pool.RunAll();
        TestConnector.Send(server, Reply("5"));
        Assert.That(_client.TakeSent(), Is.EqualTo(Reply("5120")));
    }

    [TestCase("x")]
    [TestCase("3")]
    [TestCase("18446744073709551616")]
    public void ForeignCursor_IsRefusedAndNothingIsSent(string cursor)
    {
        _client.Request($"SCAN {cursor}");

        Assert.That((_client.TakeSent(), _connector.Attempts), Is.EqualTo(("-ERR invalid cursor\r\n", 0)));
    }

    [Test]
    public void ServerThatIsLost_IsAnErrorAndNotPassedOver()
    {
        _client.Request("SCAN 1");
        _connector.Refuse(0);
        _pool.RunAll();

        Assert.That(_client.TakeSent(), Does.StartWith("-ERR Connection refused"));
    }

    [Test]
    public void ClientThatIsGone_LeavesTheConnectionInStep()
    {
        var server = Scan("0");
        _client.Leave();
        var other = new TestClient(_pool);
        other.Request("SCAN 0");
        _pool.RunAll();

        TestConnector.Send(server, Reply("5") + Reply("6"));

        Assert.That(other.TakeSent(), Is.EqualTo(Reply("6144")));
    }

    [Test]
    public void FewerKeysThanCount_ComeWithThoseOfTheNextServers()
    {
        var first = Scan("0 MATCH x* COUNT 7");
        TestConnector.Send(first, Reply("0"));
        var second = Next(1);
        TestConnector.Send(second, "*2\r\n$1\r\n0\r\n*0\r\n");
        var third = Next(2);

        Assert.That(
            (TestConnector.Sent(second), _client.TakeSent()),
            Is.EqualTo(("*6\r\n$4\r\nSCAN\r\n$1\r\n0\r\n$5\r\nMATCH\r\n$2\r\nx*\r\n$5\r\nCOUNT\r\n$1\r\n7\r\n", "")));

        TestConnector.Send(third, "*2\r\n$1\r\n0\r\n*1\r\n$1\r\nc\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("*2\r\n$1\r\n0\r\n*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n"));
    }

    [Test]
    public void NextServerThatHasMore_IsWhereTheCursorLeads()
    {
        TestConnector.Send(Scan("0"), Reply("0"));

        TestConnector.Send(Next(1), "*2\r\n$2\r\n17\r\n*1\r\n$1\r\nc\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("*2\r\n$5\r\n17409\r\n*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n"));
    }

    [Test]
    public void RepliesCutAnywhere_AreJoinedAllTheSame()
    {
        var reply = Reply("0");
        var expected = "*2\r\n$1\r\n2\r\n*4\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\na\r\n$1\r\nb\r\n";
        for (var cut = 1; cut < reply.Length; cut++)
        {
            Open();
            var first = Scan("0 COUNT 4");
            TestConnector.Send(first, reply[..cut]);
            TestConnector.Send(first, reply[cut..]);
            var second = Next(1);

            TestConnector.Send(second, reply[..cut]);
            TestConnector.Send(second, reply[cut..]);

            Assert.That(_client.TakeSent(), Is.EqualTo(expected), $"cut at {cut}");
        }
    }

    [Test]
    public void LargeKeys_AreNotKept()
    {
        var key = $"$20000\r\n{new string('k', 20_000)}\r\n";
        var server = Scan("0");

        TestConnector.Send(server, $"*2\r\n$1\r\n0\r\n*1\r\n{key}");

        Assert.That(_client.TakeSent() == $"*2\r\n$1\r\n1\r\n*1\r\n{key}");
    }

    [TestCase("-ERR no\r\n")]
    [TestCase(null)]
    public void NextServerThatFails_IsWhereTheCursorLeads(string? error)
    {
        TestConnector.Send(Scan("0"), Reply("0"));
        if (error is null)
        {
            _connector.Refuse(1);
            _pool.RunAll();
        }
        else
        {
            TestConnector.Send(Next(1), error);
        }

        Assert.That(_client.TakeSent(), Is.EqualTo(Reply("1")));
    }

    [Test]
    public void ClientThatLeavesBetweenTwoServers_LeavesTheConnectionInStep()
    {
        TestConnector.Send(Scan("0"), Reply("0"));
        var second = Next(1);
        _client.Leave();
        var other = new TestClient(_pool);
        other.Request("SCAN 1");
        _pool.RunAll();

        TestConnector.Send(second, Reply("5") + Reply("6"));

        Assert.That(other.TakeSent(), Is.EqualTo(Reply("6145")));
    }

    [Test]
    public void ServersThatChanged_AreNotGoneOnTo()
    {
        var server = Scan("0");
        _pool.Apply(Pools.Model("a", "c"));

        TestConnector.Send(server, Reply("0"));

        Assert.That(_client.TakeSent(), Is.EqualTo(Reply("1")));
    }

    private static string Reply(string cursor) => $"*2\r\n${cursor.Length}\r\n{cursor}\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n";

    private EmbeddedChannel Next(int attempt)
    {
        var server = _connector.AcceptShared(attempt);
        _pool.RunAll();
        return server;
    }

    private EmbeddedChannel Scan(string arguments)
    {
        _client.Request($"SCAN {arguments}");
        var server = _connector.AcceptShared(0);
        _pool.RunAll();
        return server;
    }
}
