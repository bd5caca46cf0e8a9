using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking;

/// <summary>CLIENT UNBLOCK, of clients on whatever thread they are.</summary>
public sealed class UnblockTests
{
    private RedisServer _server = null!;
    private RedisServer _plain = null!;
    private ProxyProcess _proxy = null!;
    private RespClient _client = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _plain = RedisServer.Start();
        _proxy = ProxyProcess.Start(RedisTopology.File([_server.Address]) with { Keys = ["threads: 3"] });
    }

    [OneTimeTearDown]
    public void End()
    {
        _proxy?.Dispose();
        _plain?.Dispose();
        _server?.Dispose();
    }

    [SetUp]
    public void Connect()
    {
        _server.Call("FLUSHALL");
        _client = _proxy.Connect();
    }

    [TearDown]
    public void CloseClient() => _client.Dispose();

    [TestCase("CLIENT UNBLOCK")]
    [TestCase("CLIENT UNBLOCK x")]
    [TestCase("CLIENT UNBLOCK x ERROR")]
    [TestCase("CLIENT UNBLOCK x other")]
    [TestCase("CLIENT UNBLOCK 1 other")]
    [TestCase("CLIENT UNBLOCK 1 ERROR x")]
    [TestCase("client unblock 1 error x")]
    [TestCase("CLIENT UNBLOCK 99999999")]
    [TestCase("CLIENT UNBLOCK 99999999 timeout")]
    [TestCase("CLIENT UNBLOCK 99999999 error")]
    [TestCase("CLIENT UNBLOCK -1")]
    [TestCase("CLIENT UNBLOCK 99999999999999999999")]
    [TestCase("CLIENT HELP")]
    public void Question_IsAnsweredAsByPlainRedis(string command)
    {
        using var plain = _plain.Connect();

        Assert.That(_client.Call(command.Split(' ')), Is.EqualTo(plain.Call(command.Split(' '))));
    }

    [Test]
    public void ClientsThatAreNotBlocked_AreLeftAlone()
    {
        using var other = _proxy.Connect();

        Assert.That(_client.Call("CLIENT", "UNBLOCK", Id(_client)), Is.EqualTo(":0\r\n"));
        Assert.That(_client.Call("CLIENT", "UNBLOCK", Id(other), "ERROR"), Is.EqualTo(":0\r\n"));
        Assert.That(other.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [TestCase("BLPOP l 0")]
    [TestCase("BRPOP l m 0")]
    [TestCase("BLMOVE l m LEFT LEFT 0")]
    [TestCase("BRPOPLPUSH l m 0")]
    [TestCase("BLMPOP 0 1 l LEFT")]
    [TestCase("BZPOPMIN z 0")]
    [TestCase("BZPOPMAX z 100")]
    [TestCase("BZMPOP 0 1 z MAX")]
    [TestCase("XREAD BLOCK 0 STREAMS x $")]
    [TestCase("WAIT 1 0")]
    public void BlockedClient_IsToldWhatPlainRedisTells(string command)
    {
        foreach (var version in new[] { "2", "3" })
        {
            foreach (var reason in new[] { "", " TIMEOUT", " ERROR" })
            {
                Assert.That(
                    Unblock(_proxy.Connect, _server, version, command, reason),
                    Is.EqualTo(Unblock(_plain.Connect, _plain, version, command, reason)),
                    $"version {version}{reason}");
            }
        }
    }

    [Test]
    public void ClientsOnEveryThread_AreFound()
    {
        var clients = Enumerable.Range(0, 24).Select(_ => _proxy.Connect()).ToList();
        try
        {
            var ids = clients.ConvertAll(Id);
            clients.ForEach(client => client.SendCommand("BLPOP", "l", "0"));
            Eventually.Equal(() => Blocked(_server), clients.Count, "clients blocked at the server");

            for (var i = 0; i < clients.Count; i++)
            {
                Assert.That(_client.Call("CLIENT", "UNBLOCK", ids[i], "ERROR"), Is.EqualTo(":1\r\n"));
                Assert.That(clients[i].ReadReply(), Is.EqualTo("-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n"));
                Assert.That(_client.Call("CLIENT", "UNBLOCK", ids[i]), Is.EqualTo(":0\r\n"));
            }

            Assert.That(Blocked(_server), Is.Zero);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Test]
    public void ClientThatTheServerMayNotKnowYet_IsUnblockedAllTheSame()
    {
        using var blocked = _proxy.Connect();
        var id = Id(blocked);
        for (var i = 0; i < 100; i++)
        {
            blocked.SendCommand("BLPOP", "l", "0");
            Eventually.True(() => _client.Call("CLIENT", "LIST", "ID", id).Contains(" flags=b ", StringComparison.Ordinal), "the client is blocked");

            Assert.That(_client.Call("CLIENT", "UNBLOCK", id), Is.EqualTo(":1\r\n"));
            Assert.That(blocked.ReadReply(), Is.EqualTo("*-1\r\n"));
        }
    }

    [Test]
    public void PushAtTheSameMoment_TheElementIsDeliveredOrStillThere()
    {
        using var blocked = _proxy.Connect();
        using var pusher = _proxy.Connect();
        var id = Id(blocked);
        var delivered = 0;
        for (var i = 0; i < 500; i++)
        {
            blocked.SendCommand("BLPOP", "l", "0");
            if (i % 2 == 0)
            {
                Eventually.Equal(() => Blocked(_server), 1, "clients blocked at the server");
            }

            if (i % 4 < 2)
            {
                _client.SendCommand("CLIENT", "UNBLOCK", id);
                pusher.SendCommand("LPUSH", "l", $"{i}");
            }
            else
            {
                pusher.SendCommand("LPUSH", "l", $"{i}");
                _client.SendCommand("CLIENT", "UNBLOCK", id);
            }

            var reply = blocked.ReadReply();
            var unblocked = _client.ReadReply();
            pusher.ReadReply();
            var isDelivered = reply == RespFrame.Array("l", $"{i}");
            delivered += isDelivered ? 1 : 0;

            Assert.That(reply, Is.EqualTo(isDelivered ? reply : "*-1\r\n"), $"round {i}");
            Assert.That(unblocked, Is.EqualTo(isDelivered ? ":0\r\n" : ":1\r\n"), $"round {i}");
            Assert.That(_client.Call("LPOP", "l"), Is.EqualTo(isDelivered ? "$-1\r\n" : RespFrame.Bulk($"{i}")), $"round {i}");
        }

        Assert.That(delivered, Is.GreaterThan(0));
    }

    [Test]
    public void Unblocked_ItsNextRequestsGoOn()
    {
        using var blocked = _proxy.Connect();
        var id = Id(blocked);
        blocked.Send([.. RespFrame.Request("BLPOP", "l", "0"), .. RespFrame.Request("BLPOP", "l", "0"), .. RespFrame.Request("PING")]);
        Eventually.Equal(() => Blocked(_server), 1, "clients blocked at the server");

        Assert.That(_client.Call("CLIENT", "UNBLOCK", id), Is.EqualTo(":1\r\n"));
        Assert.That(blocked.ReadReply(), Is.EqualTo("*-1\r\n"));
        Eventually.Equal(() => _client.Call("CLIENT", "UNBLOCK", id, "ERROR"), ":1\r\n", "it is blocked again");
        Assert.That(blocked.ReadReplies(2), Is.EqualTo("-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n+PONG\r\n"));
    }

    [Test]
    public void InATransaction_IsRefused()
    {
        _client.Call("MULTI");

        Assert.That(_client.Call("CLIENT", "UNBLOCK", "1"), Is.EqualTo("-ERR Command not allowed inside a transaction\r\n"));
    }

    private static string Unblock(Func<RespClient> connect, RedisServer server, string version, string command, string reason)
    {
        using var blocked = connect();
        using var other = connect();
        blocked.Call("HELLO", version);
        var id = Id(blocked);
        blocked.SendCommand(command.Split(' '));
        Eventually.Equal(() => Blocked(server), 1, "clients blocked at the server");

        var answer = other.Call($"CLIENT UNBLOCK {id}{reason}".Split(' '));
        return answer + blocked.ReadReply() + blocked.Call("PING");
    }

    private static string Id(RespClient client) => client.Call("CLIENT", "ID").Trim()[1..];

    private static int Blocked(RedisServer server) =>
        int.Parse(server.Call("INFO", "clients").Split("\r\n").Single(line => line.StartsWith("blocked_clients:", StringComparison.Ordinal)).Split(':')[1]);
}
