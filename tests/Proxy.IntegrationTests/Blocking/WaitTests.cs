using System.Diagnostics;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking;

/// <summary>WAIT before a server with two replicas and one with none.</summary>
public sealed class WaitTests
{
    private Replicas _replicated = null!;
    private RedisServer _alone = null!;
    private ProxyProcess _proxy = null!;
    private RespClient _client = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _replicated = Replicas.Start(2);
        _alone = RedisServer.Start();
        var file = RedisTopology.File([_replicated.Master.Address, _alone.Address], "timeout: 2000");

        // One thread, so that all clients share their connections.
        _proxy = ProxyProcess.Start(file with { Keys = ["threads: 1"] });
    }

    [OneTimeTearDown]
    public void End()
    {
        _proxy?.Dispose();
        _alone?.Dispose();
        _replicated?.Dispose();
    }

    [SetUp]
    public void Connect()
    {
        _replicated.Master.Call("FLUSHALL");
        _client = _proxy.Connect();
    }

    [TearDown]
    public void Close()
    {
        _client.Dispose();
        _replicated[0].Resume();
        _replicated[1].Resume();
        Eventually.Equal(() => Blocked(), 0, "clients blocked at the server");
    }

    [Test]
    public void OwnWrite_IsAcknowledgedByAllReplicas()
    {
        _client.Call("SET", Key(0), "v");

        Assert.That(_client.Call("WAIT", "2", "5000"), Is.EqualTo(":2\r\n"));
    }

    [Test]
    public void OneReplicaStopped_TheOtherIsCountedWhenTheTimeIsOver()
    {
        _replicated.Pause(0);
        _client.Call("SET", Key(0), "v");
        var clock = Stopwatch.StartNew();

        var reply = _client.Call("WAIT", "2", "500");

        Assert.That((reply, clock.Elapsed >= TimeSpan.FromMilliseconds(400)), Is.EqualTo((":1\r\n", true)));
    }

    [Test]
    public void EnoughReplicas_TheTimeIsNotWaitedFor()
    {
        _replicated.Pause(0);
        _client.Call("SET", Key(0), "v");

        Assert.That(_client.Call("WAIT", "1", "0"), Is.EqualTo(":1\r\n"));
    }

    [Test]
    public void ReplicasGoOn_WhoWaitedForEverGetsItsReply()
    {
        PauseBoth();
        _client.Call("SET", Key(0), "v");
        _client.SendCommand("WAIT", "2", "0");
        Eventually.Equal(() => Blocked(), 1, "clients blocked at the server");

        ResumeBoth();

        Assert.That(_client.ReadReply(), Is.EqualTo(":2\r\n"));
    }

    [Test]
    public void WhileOneWaits_OthersGoOn()
    {
        using var other = _proxy.Connect();
        other.Call("SET", Key(0, 1), "v");
        PauseBoth();
        _client.Call("SET", Key(0), "v");
        _client.SendCommand("WAIT", "1", "0");
        Eventually.Equal(() => Blocked(), 1, "clients blocked at the server");
        var clock = Stopwatch.StartNew();

        for (var i = 0; i < 50; i++)
        {
            Assert.That(other.Call("GET", Key(0, 1)), Is.EqualTo("$1\r\nv\r\n"));
        }

        Assert.That((clock.Elapsed < TimeSpan.FromSeconds(2), Blocked()), Is.EqualTo((true, 1)));
    }

    [Test]
    public void RequestsAroundIt_RunInTheirOrder()
    {
        string[] requests = [$"SET {Key(0)} 1", "WAIT 2 5000", $"INCR {Key(0)}", "WAIT 2 5000", "WAIT 2 5000", $"GET {Key(0)}"];

        _client.Send([.. requests.SelectMany(request => RespFrame.Request(request.Split(' ')))]);

        Assert.That(_client.ReadReplies(6), Is.EqualTo("+OK\r\n:2\r\n:2\r\n:2\r\n:2\r\n$1\r\n2\r\n"));
    }

    [Test]
    public void OtherClientsRequestsOnTheSameConnection_AreAnswered()
    {
        using var other = _proxy.Connect();
        for (var round = 0; round < 50; round++)
        {
            _client.Call("SET", Key(0), $"{round}");
            other.Send([.. Enumerable.Range(0, 100).SelectMany(_ => RespFrame.Request("INCR", Key(0, 1)))]);
            _client.SendCommand("WAIT", "1", "5000");
            other.SendCommand("GET", Key(0));

            Assert.That(other.ReadReplies(101), Does.EndWith($":{100 * (round + 1)}\r\n{RespFrame.Bulk($"{round}")}"));
            Assert.That(_client.ReadReply(), Is.AnyOf(":1\r\n", ":2\r\n"));
        }
    }

    [Test]
    public void AnothersWaitTookTheConnection_ItsWritesAreWaitedForAllTheSame()
    {
        using var other = _proxy.Connect();
        PauseBoth();
        _client.Call("SET", Key(0), "v");
        other.Call("SET", Key(0, 1), "v");

        Assert.That(_client.Call("WAIT", "1", "200"), Is.EqualTo(":0\r\n"));
        Assert.That(other.Call("WAIT", "1", "200"), Is.EqualTo(":0\r\n"));
        ResumeBoth();
        Assert.That(other.Call("WAIT", "2", "5000"), Is.EqualTo(":2\r\n"));
    }

    [Test]
    public void SecondWaitWithoutAWrite_IsAboutTheSameWrites()
    {
        PauseBoth();
        _client.Call("SET", Key(0), "v");

        Assert.That(_client.Call("WAIT", "1", "100"), Is.EqualTo(":0\r\n"));
        Assert.That(_client.Call("WAIT", "1", "100"), Is.EqualTo(":0\r\n"));
    }

    [TestCase("MSET {0} v {1} v")]
    [TestCase("SELECT 1")]
    [TestCase("HELLO 3")]
    [TestCase("GET {0}")]
    [TestCase("PING")]
    public void WhateverCameBetween_TheWriteIsWaitedFor(string command)
    {
        PauseBoth();
        _client.Call("SET", Key(0), "v");
        _client.Call(string.Format(command, Key(0), Key(0, 1)).Split(' '));

        Assert.That(_client.Call("WAIT", "1", "100"), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void WritesOfAllKinds_AreWaitedFor([Range(0, 5)] int kind)
    {
        _client.Call("RPUSH", Key(0), "x");
        Assert.That(_client.Call("WAIT", "2", "5000"), Is.EqualTo(":2\r\n"));
        PauseBoth();
        string[][][] kinds =
        [
            [["BLPOP", Key(0), "0"]],
            [["MULTI"], ["SET", Key(0), "v"], ["EXEC"]],
            [["WATCH", Key(0)], ["MULTI"], ["SET", Key(0), "v"], ["EXEC"]],
            [["SET", Key(0), new string('x', 2_000_000)]],
            [["EVAL", "return redis.call('SET', KEYS[1], 'v')", "1", Key(0)]],
            [["DEL", Key(0), Key(0, 1)]],
        ];

        foreach (var request in kinds[kind])
        {
            Assert.That(_client.Call(request), Does.Not.StartWith("-"));
        }

        Assert.That(_client.Call("WAIT", "1", "100"), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void SeveralServers_TheLeastIsTheReply()
    {
        _client.Call("SET", Key(0), "v");
        Assert.That(_client.Call("WAIT", "2", "5000"), Is.EqualTo(":2\r\n"), "written to the first only");

        _client.Call("MSET", Key(0), "v", Key(1), "v");

        Assert.That(_client.Call("WAIT", "0", "5000"), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void BeforeAnyWrite_AllServersAreAsked() => Assert.That(_client.Call("WAIT", "0", "100"), Is.EqualTo(":0\r\n"));

    [TestCase("WAIT x 1", "-ERR value is not an integer or out of range\r\n")]
    [TestCase("WAIT 1 x", "-ERR timeout is not an integer or out of range\r\n")]
    [TestCase("WAIT 1 -1", "-ERR timeout is negative\r\n")]
    [TestCase("WAIT 1", "-ERR wrong number of arguments for 'wait' command\r\n")]
    [TestCase("WAITAOF 0 1", "-ERR wrong number of arguments for 'waitaof' command\r\n")]
    [TestCase("WAITAOF 0 1 100", "-ERR unknown command 'WAITAOF', with args beginning with: '0' '1' '100' \r\n")]
    public void WhatCannotWait_IsRefusedAsByAServer(string command, string error)
    {
        _client.Call("SET", Key(0), "v");

        Assert.That(_client.Call(command.Split(' ')), Is.EqualTo(error));
    }

    [Test]
    public void BetweenMultiAndExec_DoesNotWait()
    {
        PauseBoth();
        _client.Send("MULTI\r\nSET key:0 v\r\nWAIT 2 0\r\nEXEC\r\n");

        Assert.That(_client.ReadReplies(4), Is.EqualTo("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n:0\r\n"));
    }

    [TestCase("close")]
    [TestCase("half-close")]
    [TestCase("reset")]
    public void ClientGone_TheServerIsRidOfItsConnection(string how)
    {
        PauseBoth();
        using var client = _proxy.Connect();
        client.Call("SET", Key(0), "v");
        client.SendCommand("WAIT", "1", "0");
        Eventually.Equal(() => Blocked(), 1, "clients blocked at the server");
        switch (how)
        {
            case "half-close":
                client.HalfClose();
                break;
            case "reset":
                client.Abort();
                break;
            default:
                client.Dispose();
                break;
        }

        Eventually.Equal(() => Blocked(), 0, "clients blocked at the server");
    }

    [Test]
    public void ConnectionLostWhileItWaits_IsAnError()
    {
        PauseBoth();
        _client.Call("SET", Key(0), "v");
        _client.SendCommand("WAIT", "1", "0");
        Eventually.Equal(() => Blocked(), 1, "clients blocked at the server");

        _replicated.Master.Call("CLIENT", "KILL", "TYPE", "normal");

        Assert.That(_client.ReadReply(), Does.Match("^-ERR Connection (lost|reset by peer) \\(pool main, server shard0\\)\r\n$"));
        Assert.That(_client.Call("SET", Key(0), "w"), Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void ConnectionLostBefore_TheWriteIsWaitedForOverAnother()
    {
        PauseBoth();
        _client.Call("SET", Key(0), "v");
        _replicated.Master.Call("CLIENT", "KILL", "TYPE", "normal");
        Eventually.Equal(() => _client.Call("GET", Key(0)), "$1\r\nv\r\n", "connected again");

        Assert.That(_client.Call("WAIT", "1", "100"), Is.EqualTo(":0\r\n"));
        ResumeBoth();
        Assert.That(_client.Call("WAIT", "2", "5000"), Is.EqualTo(":2\r\n"));
    }

    [Test]
    public void ManyInTurnAndAtOnce_NoConnectionIsLeftBehind()
    {
        var clients = Enumerable.Range(0, 50).Select(_ => _proxy.Connect()).ToList();
        try
        {
            for (var round = 0; round < 10; round++)
            {
                clients.ForEach(client => client.Send("SET key:0 v\r\nWAIT 2 5000\r\n"));
                Assert.That(clients.Select(client => client.ReadReplies(2)), Is.All.EqualTo("+OK\r\n:2\r\n"));
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        // One that is shared, one that asks, and those that are kept for the next client for a while.
        Eventually.True(
            () => _replicated.Master.Call("CLIENT", "LIST", "TYPE", "normal").Split("id=").Length - 1 <= 1 + 1 + 32, "its connections are closed");
    }

    private static string Key(int server, int number = 0) => RedisTopology.Key(server, number);

    private void PauseBoth()
    {
        _replicated.Pause(0);
        _replicated.Pause(1);
    }

    private void ResumeBoth()
    {
        _replicated.Resume(0);
        _replicated.Resume(1);
    }

    private int Blocked()
    {
        var line = _replicated.Master.Call("INFO", "clients").Split("\r\n").Single(text => text.StartsWith("blocked_clients:", StringComparison.Ordinal));
        return int.Parse(line["blocked_clients:".Length..]);
    }
}
