using System.Diagnostics;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Limits;

/// <summary>Limits on clients: how many, how large, how slow, how long idle.</summary>
public sealed class ClientLimitTests
{
    private RedisServer _server = null!;
    private ProxyProcess? _proxy;

    [OneTimeSetUp]
    public void StartRedis() => _server = RedisServer.Start();

    [OneTimeTearDown]
    public void EndRedis() => _server.Dispose();

    [TearDown]
    public void EndProxy()
    {
        _proxy?.Dispose();
        _proxy = null;
    }

    [Test]
    public void ClientConnections_OneTooMany_GetsRedisTextAndIsClosed()
    {
        StartProxy("client_connections: 2");
        using var first = ConnectAndPing();
        using var second = ConnectAndPing();

        using var third = _proxy!.Connect();

        Assert.That(third.ReadToEnd(), Is.EqualTo("-ERR max number of clients reached\r\n"));
        Assert.That(first.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void ClientConnections_OneLeaves_AnotherIsServed()
    {
        StartProxy("client_connections: 1");
        ConnectAndPing().Dispose();

        Eventually.True(
            () =>
            {
                using var client = _proxy!.Connect();
                client.SendCommand("PING");
                return client.ReadReply() == "+PONG\r\n";
            },
            "the next client is served");
    }

    [Test]
    public void MaxRequestSize_LargerRequest_IsAProtocolError()
    {
        StartProxy("max_request_size: 100kb");
        using var client = _proxy!.Connect();
        Assert.That(client.Call("SET", "a", new string('x', 90_000)), Is.EqualTo("+OK\r\n"));

        client.TrySend(RespFrame.Request("SET", "a", new string('y', 110_000)));

        Assert.That(client.ReadToEnd(), Does.StartWith("-ERR Protocol error: "));
        using var next = _proxy!.Connect();
        Assert.That(next.Call("STRLEN", "a"), Is.EqualTo(":90000\r\n"));
    }

    [Test]
    public void IdleTimeout_IdleClientIsClosed_BusyOneIsNot()
    {
        StartProxy("client_idle_timeout: 700ms");
        using var idle = ConnectAndPing();
        using var busy = ConnectAndPing();

        Eventually.True(
            () =>
            {
                Assert.That(busy.Call("PING"), Is.EqualTo("+PONG\r\n"));
                return idle.HasEnded();
            },
            "the idle client is closed");
    }

    [Test]
    public void IdleTimeoutUnset_IdleClientStays()
    {
        StartProxy();
        using var idle = ConnectAndPing();

        Eventually.Stays(() => !idle.HasEnded(), "the idle client is connected", TimeSpan.FromSeconds(1));

        Assert.That(idle.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void StallTimeout_ClientThatTakesNoReplies_IsClosed()
    {
        StartProxy("client_stall_timeout: 500ms", "client_output_limit: 100mb");
        _server.Call("SET", "large", new string('x', 200_000));
        using var stalled = RespClient.Connect(_proxy!.File.Pools[0].EndPoint, receiveBuffer: 4096);
        for (var i = 0; i < 100; i++)
        {
            stalled.SendCommand("GET", "large");
        }

        Eventually.Equal(() => Clients(_proxy), 0, "the stalled client is closed");
    }

    [Test]
    [Category("Transport")]
    public void OutputLimit_OfAClientThatTakesNoReplies_BoundsTheMemory()
    {
        StartProxy("client_output_limit: 1mb");
        _server.Call("SET", "large", new string('x', 500_000));
        using var stalled = RespClient.Connect(_proxy!.File.Pools[0].EndPoint, receiveBuffer: 4096);
        var before = _proxy.Process.ResidentBytes;
        for (var i = 0; i < 400; i++)
        {
            stalled.TrySend(RespFrame.Request("GET", "large"));
        }

        // The others are served all the while; 200 MB of replies would show.
        using var other = _proxy.Connect();
        for (var i = 0; i < 100; i++)
        {
            Assert.That(other.Call("STRLEN", "large"), Is.EqualTo(":500000\r\n"));
        }

        Assert.That(_proxy.Process.ResidentBytes - before, Is.LessThan(100L << 20));
    }

    [Test]
    [Category("Transport")]
    public void ClientThatSendsOnButTakesNoReplies_IsNotRead()
    {
        StartProxy();
        _server.Call("SET", "large", new string('x', 200_000));
        using var stalled = RespClient.Connect(_proxy!.File.Pools[0].EndPoint, receiveBuffer: 4096);
        Backlog(stalled);
        var before = _proxy.Process.ResidentBytes;

        var sending = Task.Run(() =>
        {
            var pings = string.Concat(Enumerable.Repeat("*1\r\n$4\r\nPING\r\n", 50_000));
            for (var i = 0; i < 200; i++)
            {
                stalled.TrySend(System.Text.Encoding.ASCII.GetBytes(pings));
            }
        });
        var isStuck = !sending.Wait(TimeSpan.FromSeconds(2));
        var after = _proxy.Process.ResidentBytes;
        EndProxy();
        sending.Wait();

        Assert.That(isStuck, Is.True);
        Assert.That(after - before, Is.LessThan(30L << 20));
    }

    [Test]
    [Category("Transport")]
    public void HalfClose_BehindABacklogOfReplies_EverythingIsAnswered()
    {
        StartProxy();
        _server.Call("SET", "large", new string('x', 200_000));
        using var client = RespClient.Connect(_proxy!.File.Pools[0].EndPoint, receiveBuffer: 4096);
        Backlog(client);

        for (var i = 0; i < 500; i++)
        {
            client.SendCommand("PING");
        }

        client.HalfClose();

        var all = client.ReadToEnd();
        Assert.That(all.Split("+PONG\r\n"), Has.Length.EqualTo(501));
    }

    [Test]
    [Category("Transport")]
    public void SlowReaderOfALargeReply_OthersBehindItAreNotHeldForEver()
    {
        using var server = ScriptedServer.Start(connection =>
        {
            connection.ReadRequest();
            connection.ReadRequest();
            connection.Send("$40000000\r\n" + new string('x', 40_000_000) + "\r\n$5\r\nsmall\r\n");
        });
        _proxy = ProxyProcess.Start(
            ProxyFile.Of([server.Address], "server_hard_timeout: 500ms", "client_output_limit: 1mb") with { Keys = ["threads: 1"] });
        using var slow = RespClient.Connect(_proxy.File.Pools[0].EndPoint, receiveBuffer: 4096);
        slow.SendCommand("GET", "large");
        Eventually.True(() => server.Requests.Count == 1, "the large reply is asked for first");
        using var other = _proxy.Connect();
        other.SendCommand("GET", "small");

        Assert.That(other.ReadReply(), Does.StartWith("-ERR Connection timed out"));
        Assert.That(other.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void OutputLimit_LargerReplyToAReadingClient_IsWhole()
    {
        StartProxy("client_output_limit: 1mb");
        var value = new string('x', 60_000_000);
        using var direct = _server.Connect();
        direct.Call("SET", "large", value);
        using var client = ConnectAndPing();
        var before = _proxy!.Process.ResidentBytes;
        var most = 0L;
        using var done = new ManualResetEventSlim();
        var watch = Task.Run(() => Eventually.True(
            () =>
            {
                most = Math.Max(most, _proxy.Process.ResidentBytes);
                return done.IsSet;
            },
            "the reply has been read",
            TimeSpan.FromMinutes(1)));

        var reply = client.Call("GET", "large");
        done.Set();
        watch.Wait();

        Assert.That(reply == RespFrame.Bulk(value));
        Assert.That(most - before, Is.LessThan(60L << 20), "the reply was not gathered");
        Assert.That(client.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void OutputLimit_JoinedReplyThatDoesNotFit_IsAnError()
    {
        using var second = RedisServer.Start();
        _proxy = ProxyProcess.Start(RedisTopology.File([_server.Address, second.Address], "client_output_limit: 1mb"));
        using var client = _proxy.Connect();
        client.Call("SET", "key:1", new string('x', 700_000));
        client.Call("SET", "key:1001", new string('x', 700_000));

        client.SendCommand("MGET", "key:1", "key:1001");
        client.SendCommand("PING");

        Assert.That(client.ReadReply(), Does.StartWith("-ERR reply is larger than client_output_limit"));
        Assert.That(client.ReadReply(), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void OutputLimit_ManyJoinedRepliesToAReadingClient_AreWhole()
    {
        using var second = RedisServer.Start();
        _proxy = ProxyProcess.Start(RedisTopology.File([_server.Address, second.Address], "client_output_limit: 1mb"));
        using var client = RespClient.Connect(_proxy.File.Pools[0].EndPoint, receiveBuffer: 4096);
        var value = new string('x', 300_000);
        client.Call("SET", "key:1", value);
        client.Call("SET", "key:1001", value);
        var joined = $"*2\r\n{RespFrame.Bulk(value)}{RespFrame.Bulk(value)}";
        for (var i = 0; i < 60; i++)
        {
            client.SendCommand("MGET", "key:1", "key:1001");
        }

        for (var i = 0; i < 60; i++)
        {
            Assert.That(client.ReadReply() == joined, $"reply {i}");
        }
    }

    [Test]
    public void DenyCommands_AreRefusedWithRedisText()
    {
        StartProxy("deny_commands: [set, \"client|info\"]");
        using var client = _proxy!.Connect();

        Assert.That(client.Call("SET", "a", "1"), Is.EqualTo("-NOPERM this user has no permissions to run the 'set' command\r\n"));
        Assert.That(client.Call("CLIENT", "INFO"), Is.EqualTo("-NOPERM this user has no permissions to run the 'client|info' command\r\n"));
        Assert.That(client.Call("CLIENT", "GETNAME"), Is.EqualTo("$-1\r\n"));
    }

    [Test]
    public void IdleClients_CostLittleMemory()
    {
        StartProxy();
        ConnectAndPing().Dispose();
        var before = _proxy!.Process.ResidentBytes;
        var clients = Enumerable.Range(0, 1000).Select(_ => ConnectAndPing()).ToList();

        var perClient = (_proxy.Process.ResidentBytes - before) / clients.Count;
        clients.ForEach(client => client.Dispose());

        Assert.That(perClient, Is.LessThan(40_000));
    }

    [Test]
    public void SlowClient_OneByteAtATime_IsServed()
    {
        StartProxy("client_idle_timeout: 5s");
        using var client = _proxy!.Connect();
        var clock = Stopwatch.StartNew();
        foreach (var letter in RespFrame.Request("SET", "slow", "value"))
        {
            client.Send([letter]);
            Eventually.LetTimePass(TimeSpan.FromMilliseconds(20));
        }

        Assert.That(client.ReadReply(), Is.EqualTo("+OK\r\n"));
        Assert.That(clock.Elapsed, Is.GreaterThan(TimeSpan.FromMilliseconds(500)));
    }

    /// <summary>Asks for far more than sockets hold, and waits until the replies pile up in the proxy.</summary>
    private void Backlog(RespClient client)
    {
        var before = int.Parse(_server.Call("INFO", "commandstats").Split("cmdstat_get:calls=").ElementAtOrDefault(1)?.Split(',')[0] ?? "0");
        for (var i = 0; i < 60; i++)
        {
            client.SendCommand("GET", "large");
        }

        Eventually.True(
            () => _server.Call("INFO", "commandstats").Contains($"cmdstat_get:calls={before + 60},", StringComparison.Ordinal),
            "the server has answered");
        Eventually.True(() => !Regex.IsMatch(_server.Call("CLIENT", "LIST"), "omem=[1-9]"), "the proxy has taken the replies");
    }

    private static int Clients(ProxyProcess proxy) =>
        File.ReadLines("/proc/net/tcp").Count(line =>
            line.Contains($" 0100007F:{((System.Net.IPEndPoint)proxy.File.Pools[0].EndPoint).Port:X4} 0100007F:", StringComparison.Ordinal)
            && line.Contains(" 01 ", StringComparison.Ordinal));

    private void StartProxy(params string[] poolKeys) => _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address], poolKeys));

    private RespClient ConnectAndPing()
    {
        var client = _proxy!.Connect();
        Assert.That(client.Call("PING"), Is.EqualTo("+PONG\r\n"));
        return client;
    }
}
