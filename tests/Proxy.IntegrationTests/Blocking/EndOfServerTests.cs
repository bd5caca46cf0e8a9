using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking;

/// <summary>What becomes of those that wait when a server, the pool or the proxy ends.</summary>
public sealed class EndOfServerTests
{
    [Test]
    public void ServerDies_WhoWaitsGetsAnErrorAndMayWaitAgain()
    {
        using var topology = RedisTopology.Start(1);
        using var client = topology.Connect();
        client.SendCommand("BLPOP", "k", "0");
        WaitUntilBlocked(topology);

        topology.Servers[0].Kill();
        Assert.That(client.ReadReply(), Does.Match("^-ERR Connection (lost|reset by peer) \\(pool main, server shard0\\)\r\n$"));
        Assert.That(client.Call("BLPOP", "k", "0"), Does.StartWith("-ERR Connection refused"));
        topology.Servers[0].Restart();

        Eventually.Equal(() => client.Call("RPUSH", "k", "x"), ":1\r\n", "the server is back");
        Eventually.Equal(() => client.Call("BLPOP", "k", "1"), "*2\r\n$1\r\nk\r\n$1\r\nx\r\n", "a lease to it");
    }

    [TestCase("BLPOP k 0", "*-1\r\n")]
    [TestCase("WAIT 1 0", ":0\r\n")]
    public void ProxyEnds_TheWaitEndsAsIfItsTimeWereOver(string command, string reply)
    {
        using var topology = RedisTopology.Start(1);
        using var client = topology.Connect();
        client.Call("SET", "s", "v");
        client.SendCommand(command.Split(' '));
        WaitUntilBlocked(topology);

        topology.Proxy.Terminate();

        Assert.That(client.ReadToEnd(), Is.EqualTo(reply));
        Assert.That(topology.Proxy.WaitForExit(), Is.Zero);
    }

    [Test]
    public void Limit_RefusesTheNextUntilOneIsFree()
    {
        using var topology = RedisTopology.Start(1, "leased_connections: 1");
        using var first = topology.Connect();
        using var second = topology.Connect();
        first.SendCommand("BLPOP", "k", "0");
        WaitUntilBlocked(topology);

        Assert.That(second.Call("BLPOP", "k", "0"), Is.EqualTo("-ERR leased_connections reached (pool main, server shard0)\r\n"));
        second.Call("RPUSH", "k", "x", "y");
        Assert.That(first.ReadReply(), Is.EqualTo("*2\r\n$1\r\nk\r\n$1\r\nx\r\n"));
        Eventually.Equal(() => second.Call("BLPOP", "k", "1"), "*2\r\n$1\r\nk\r\n$1\r\ny\r\n", "the lease is free");
    }

    [TestCase("BLPOP k 0", Category = "Long")]
    [TestCase("WAIT 1 0", Category = "Long")]
    public void ServerFallsSilent_WhoWaitsForEverGetsAnError(string command)
    {
        using var topology = RedisTopology.Start(1, "timeout: 1000", "server_hard_timeout: 2000", "connect_timeout: 500");
        using var client = topology.Connect();
        client.Call("SET", "s", "v");
        client.SendCommand(command.Split(' '));
        WaitUntilBlocked(topology);

        topology.Servers[0].Pause();
        client.ReplyDeadline = TimeSpan.FromSeconds(40);

        Assert.That(client.ReadReply(), Is.EqualTo("-ERR Connection timed out (pool main, server shard0)\r\n"));
        topology.Servers[0].Resume();
    }

    [Test]
    public void ServerLeavesThePool_TheWaitEndsAsIfItsTimeWereOver()
    {
        using var first = RedisServer.Start();
        using var second = RedisServer.Start();
        using var proxy = ProxyProcess.Start(RedisTopology.File([first.Address, second.Address]));
        using var client = proxy.Connect();
        using var other = proxy.Connect();
        client.SendCommand("BLPOP", RedisTopology.Key(1), "0");
        other.SendCommand("BLPOP", RedisTopology.Key(0), "0");
        Eventually.True(() => second.Call("INFO", "clients").Contains("blocked_clients:1\r", StringComparison.Ordinal), "a client is blocked");

        var pool = proxy.File.Pools[0];
        proxy.Reload(proxy.File with { Pools = [pool with { Servers = [first.Address], Distribution = "ketama", Keys = ["hash_tag: \"{}\""] }] });

        Assert.That(client.ReadReply(), Is.EqualTo("*-1\r\n"));
        Assert.That(client.Call("RPUSH", RedisTopology.Key(0), "x"), Is.EqualTo(":1\r\n"));
        Assert.That(other.ReadReply(), Is.EqualTo("*2\r\n$5\r\nkey:0\r\n$1\r\nx\r\n"), "its server stayed");
        Eventually.True(() => !second.Call("CLIENT", "LIST").Contains("cmd=blpop", StringComparison.Ordinal), "its connection is closed");
    }

    private static void WaitUntilBlocked(RedisTopology topology) => Eventually.True(
        () => topology.Servers[0].Call("INFO", "clients").Contains("blocked_clients:1\r", StringComparison.Ordinal), "a client is blocked at the server");
}
