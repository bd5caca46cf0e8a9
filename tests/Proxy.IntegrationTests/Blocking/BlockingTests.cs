using System.Diagnostics;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking;

/// <summary>The pool's timeout is far shorter than the waits.</summary>
public sealed class BlockingTests() : TopologyTests(servers: 2, "timeout: 300")
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(400);

    [TestCase("BLPOP {0} 0", "RPUSH {0} x", "*2\r\n$5\r\nkey:0\r\n$1\r\nx\r\n")]
    [TestCase("BRPOP {0} 5.5", "RPUSH {0} x", "*2\r\n$5\r\nkey:0\r\n$1\r\nx\r\n")]
    [TestCase("BLMOVE {0} {1} LEFT RIGHT 0", "RPUSH {0} x", "$1\r\nx\r\n")]
    [TestCase("BRPOPLPUSH {0} {1} 0", "RPUSH {0} x", "$1\r\nx\r\n")]
    [TestCase("BLMPOP 0 2 {1} {0} LEFT COUNT 2", "RPUSH {0} x", "*2\r\n$5\r\nkey:0\r\n*1\r\n$1\r\nx\r\n")]
    [TestCase("BZPOPMIN {0} 0", "ZADD {0} 1 x", "*3\r\n$5\r\nkey:0\r\n$1\r\nx\r\n$1\r\n1\r\n")]
    [TestCase("BZPOPMAX {0} 0", "ZADD {0} 1 x", "*3\r\n$5\r\nkey:0\r\n$1\r\nx\r\n$1\r\n1\r\n")]
    [TestCase("BZMPOP 0 1 {0} MIN", "ZADD {0} 1 x", "*2\r\n$5\r\nkey:0\r\n*1\r\n*2\r\n$1\r\nx\r\n$1\r\n1\r\n")]
    [TestCase("XREAD BLOCK 0 STREAMS {0} $", "XADD {0} 1-1 f v", "*1\r\n*2\r\n$5\r\nkey:0\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\nf\r\n$1\r\nv\r\n")]
    public void Waits_LongerThanThePoolsTimeoutAndIsWoken(string command, string waker, string reply)
    {
        using var other = Topology.Connect();
        Client.SendCommand(Words(command));
        Eventually.Equal(() => Blocked(0), 1, "clients blocked at the server");
        Eventually.Stays(() => Client.ReadAvailable().Length == 0, "no reply", Moment);

        other.Call(Words(waker));

        Assert.That(Client.ReadReply(), Is.EqualTo(reply));
        Assert.That(Blocked(0), Is.Zero);
    }

    [TestCase("BLPOP {0} 0.1", "*-1\r\n", "_\r\n")]
    [TestCase("BLMOVE {0} {1} LEFT LEFT 0.1", "*-1\r\n", "_\r\n")]
    [TestCase("BZMPOP 0.1 1 {0} MIN", "*-1\r\n", "_\r\n")]
    [TestCase("XREAD BLOCK 100 STREAMS {0} $", "*-1\r\n", "_\r\n")]
    public void TimeOver_IsNullInTheClientsVersion(string command, string resp2, string resp3)
    {
        Assert.That(Client.Call(Words(command)), Is.EqualTo(resp2));
        Client.Call("HELLO", "3");
        Assert.That(Client.Call(Words(command)), Is.EqualTo(resp3));
    }

    [TestCase("BLPOP {0} -1", "-ERR timeout is negative\r\n")]
    [TestCase("BLPOP {0} abc", "-ERR timeout is not a float or out of range\r\n")]
    [TestCase("XREAD BLOCK x STREAMS {0} $", "-ERR timeout is not an integer or out of range\r\n")]
    [TestCase("BLPOP {0} {2} 0", "-CROSSSLOT Keys in request don't hash to the same slot\r\n")]
    [TestCase("BLMOVE {0} {2} LEFT LEFT 0", "-CROSSSLOT Keys in request don't hash to the same slot\r\n")]
    [TestCase("XREADGROUP GROUP g c BLOCK 0 STREAMS {0} >", "-NOGROUP No such key 'key:0' or consumer group 'g' in XREADGROUP with GROUP option\r\n")]
    public void WhatCannotWait_IsRefusedAsRedisDoes(string command, string error) => Assert.That(Client.Call(Words(command)), Is.EqualTo(error));

    [Test]
    public void RequestsAroundIt_RunInTheirOrder()
    {
        var pipeline = new[] { $"RPUSH {Key(0)} a b", $"BLPOP {Key(0)} 0", $"BLPOP {Key(0)} 0", $"BLPOP {Key(0)} 0.05", $"LLEN {Key(0)}", $"SET {Key(1)} v", $"GET {Key(1)}" };

        Client.Send([.. pipeline.SelectMany(request => RespFrame.Request(request.Split(' ')))]);

        Assert.That(
            Client.ReadReplies(7),
            Is.EqualTo(":2\r\n*2\r\n$5\r\nkey:0\r\n$1\r\na\r\n*2\r\n$5\r\nkey:0\r\n$1\r\nb\r\n*-1\r\n:0\r\n+OK\r\n$1\r\nv\r\n"));
    }

    [Test]
    public void OneAfterTheOther_TakeTheSameConnection()
    {
        for (var i = 0; i < 20; i++)
        {
            Client.Call("RPUSH", Key(0), "x");
            Client.Call("BLPOP", Key(0), "0");
        }

        var connections = Servers[0].Call("INFO", "stats").Split("\r\n").Single(line => line.StartsWith("total_connections_received:", StringComparison.Ordinal));
        Client.Call("RPUSH", Key(0), "x");
        Client.Call("BLPOP", Key(0), "0");

        var after = Servers[0].Call("INFO", "stats").Split("\r\n").Single(line => line.StartsWith("total_connections_received:", StringComparison.Ordinal));
        Assert.That(Number(after) - Number(connections), Is.LessThanOrEqualTo(2), "besides this test's own connection and a health check");
    }

    [TestCase("close")]
    [TestCase("half-close")]
    [TestCase("reset")]
    [TestCase("close, with requests behind")]
    public void ClientGone_NothingIsPoppedForIt(string how)
    {
        var client = Topology.Connect();
        client.SendCommand("BLPOP", Key(0), "0");
        if (how.EndsWith("behind", StringComparison.Ordinal))
        {
            client.SendCommand("PING");
            client.SendCommand("SET", Key(0, 1), "v");
        }

        Eventually.Equal(() => Blocked(0), 1, "clients blocked at the server");
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

        Eventually.Equal(() => Blocked(0), 0, "clients blocked at the server");
        Client.Call("RPUSH", Key(0), "x");

        Assert.That(Client.Call("LRANGE", Key(0), "0", "-1"), Is.EqualTo("*1\r\n$1\r\nx\r\n"));
        client.Dispose();
    }

    [Test]
    public void Others_GoOnMeanwhile()
    {
        using var other = Topology.Connect();
        Client.SendCommand("BLPOP", Key(0), "0");
        Eventually.Equal(() => Blocked(0), 1, "clients blocked at the server");
        var clock = Stopwatch.StartNew();

        for (var i = 0; i < 100; i++)
        {
            Assert.That(other.Call("SET", Key(0, 1), "v"), Is.EqualTo("+OK\r\n"));
        }

        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void ManyClients_EachGetsAnElementOfItsOwn()
    {
        const int Count = 500;
        var clients = Enumerable.Range(0, Count).Select(_ => Topology.Connect()).ToList();
        try
        {
            clients.ForEach(client => client.SendCommand("BLPOP", Key(0), "0"));
            Eventually.Equal(() => Blocked(0), Count, "clients blocked at the server");

            Client.Call(["RPUSH", Key(0), .. Enumerable.Range(0, Count).Select(i => $"{i}")]);

            var popped = clients.Select(client => client.ReadReply().Split("\r\n")[4]).Order(StringComparer.Ordinal);
            Assert.That(popped, Is.EqualTo(Enumerable.Range(0, Count).Select(i => $"{i}").Order(StringComparer.Ordinal)));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static string[] Words(string command) => string.Format(command, Key(0), Key(0, 1), Key(1)).Split(' ');

    private static int Number(string line) => int.Parse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]);

    private int Blocked(int server) => Number(Servers[server].Call("INFO", "clients").Split("\r\n").Single(line => line.StartsWith("blocked_clients:", StringComparison.Ordinal)));
}
