using System.Diagnostics;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Administration;

/// <summary>A server that is gone, hangs or is ejected is left out of what is asked, and fails what all have to do.</summary>
public sealed class MissingServerTests
{
    [Test]
    public void ServerThatIsGone_IsLeftOutOfWhatIsAsked()
    {
        using var topology = RedisTopology.Start(3);
        using var client = topology.Connect();
        client.Call("MSET", RedisTopology.Key(0), "a", RedisTopology.Key(1), "b");
        topology.Servers[1].Kill();

        var time = Stopwatch.StartNew();
        var info = Info.Of(client);

        Assert.That((info["proxy_servers"], info["proxy_servers_answered"]), Is.EqualTo(("3", "2")));
        Assert.That(info["db0"], Does.StartWith("keys=1,"));
        Assert.That(client.Call("CONFIG", "GET", "databases"), Does.Contain("$2\r\n16\r\n"));
        Assert.That(client.Call("SLOWLOG", "LEN"), Does.StartWith(":"));
        Assert.That(client.Call("MEMORY", "DOCTOR"), Does.Contain("# shard0\n").And.Not.Contain("# shard1\n"));
        Assert.That(time.Elapsed, Is.LessThan(TimeSpan.FromSeconds(4)), "nobody waited for it");
        Assert.That(client.Call("CONFIG", "SET", "maxmemory", "0"), Does.StartWith("-ERR Connection ").And.EndWith("(pool main, server shard1)\r\n"));
    }

    [Test]
    public void ServerThatHangs_IsLeftOutAfterAMoment()
    {
        using var topology = RedisTopology.Start(3);
        using var client = topology.Connect();
        client.Call("MGET", RedisTopology.Key(0), RedisTopology.Key(1), RedisTopology.Key(2));
        topology.Servers[2].Pause();
        try
        {
            var time = Stopwatch.StartNew();

            Assert.That(Info.Of(client)["proxy_servers_answered"], Is.EqualTo("2"));
            Assert.That(time.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
            Assert.That(client.Call("GET", RedisTopology.Key(0)), Is.EqualTo("$-1\r\n"), "the client is not held");
        }
        finally
        {
            topology.Servers[2].Resume();
        }

        Assert.That(client.Call("SET", RedisTopology.Key(2), "v"), Is.EqualTo("+OK\r\n"), "the late reply went nowhere");
        Assert.That(Info.Of(client)["proxy_servers_answered"], Is.EqualTo("3"));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void NoServerAtAll_InfoTellsWhatTheProxyKnows(int servers)
    {
        using var proxy = ProxyProcess.Start(RedisTopology.File([.. Enumerable.Repeat("127.0.0.1:1", servers)]));
        using var client = proxy.Connect();
        var info = Info.Of(client);

        Assert.That(info["redis_version"], Does.Match("^7\\."));
        Assert.That((info["role"], info["redis_mode"], info["proxy_servers"]), Is.EqualTo(("master", "standalone", $"{servers}")));
        Assert.That(client.Call("CONFIG", "GET", "databases"), Does.StartWith("-ERR Connection refused"));
    }

    [Test]
    public void EjectedServer_IsNotAsked()
    {
        using var one = RedisServer.Start();
        using var other = RedisServer.Start();
        var file = ProxyFile.Of([one.Address, other.Address], "auto_eject_hosts: true", "server_failure_limit: 1", "server_retry_timeout: 600000");
        using var proxy = ProxyProcess.Start(file);
        using var client = proxy.Connect();
        Info.Of(client);
        other.Kill();
        Eventually.True(() => Info.Of(client)["server1"]!.EndsWith("state=ejected", StringComparison.Ordinal), "the server is ejected");

        Assert.That(client.Call("CONFIG", "SET", "maxmemory", "0"), Is.EqualTo("+OK\r\n"));
        Assert.That(Info.Of(client)["proxy_servers_answered"], Is.EqualTo("1"));
    }

    [Test]
    public void LargeReplies_AreJoinedBesideTheLoop()
    {
        using var topology = RedisTopology.Start(4);
        using var client = topology.Connect();
        client.Call("CONFIG", "SET", "slowlog-log-slower-than", "0");
        client.Call("CONFIG", "SET", "slowlog-max-len", "1000");
        for (var i = 0; i < 800; i++)
        {
            client.SendCommand("MSET", RedisTopology.Key(i % 4), new string('x', 100), RedisTopology.Key(i % 4, 1), new string('y', 100));
        }

        client.ReadReplies(800);
        client.Call("CONFIG", "SET", "slowlog-log-slower-than", "-1");

        client.SendCommand("SLOWLOG", "GET", "-1");
        client.SendCommand("PING");

        Assert.That(client.ReadReply().Length, Is.GreaterThan(100_000));
        Assert.That(client.ReadReply(), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void DeniedCommand_IsRefused()
    {
        using var topology = RedisTopology.Start(2, "deny_commands: [config, debug, info]");
        using var client = topology.Connect();

        Assert.That(client.Call("CONFIG", "GET", "maxmemory"), Is.EqualTo("-NOPERM this user has no permissions to run the 'config|get' command\r\n"));
        Assert.That(client.Call("DEBUG", "SLEEP", "0"), Does.StartWith("-NOPERM "));
        Assert.That(client.Call("INFO"), Does.StartWith("-NOPERM "));
        Assert.That(client.Call("SLOWLOG", "LEN"), Does.StartWith(":"));
    }
}
