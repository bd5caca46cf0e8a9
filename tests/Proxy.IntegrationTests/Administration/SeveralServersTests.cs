using System.Globalization;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Administration;

/// <summary>With several servers what asks about them is joined, and what administers them reaches all.</summary>
[TestFixture(2)]
[TestFixture(3)]
public sealed class SeveralServersTests(int version) : TopologyTests(servers: 3)
{
    [SetUp]
    public void Speak() => Client.Call("HELLO", $"{version}");

    [TearDown]
    public void PutBack()
    {
        foreach (var server in Servers)
        {
            server.Call("CONFIG", "SET", "maxmemory", "0", "maxmemory-policy", "noeviction", "notify-keyspace-events", "", "slowlog-log-slower-than", "10000", "latency-monitor-threshold", "0");
            server.Call("ACL", "DELUSER", "somebody");
        }
    }

    [Test]
    public void ConfigSet_ReachesEveryServer()
    {
        Assert.That(Client.Call("CONFIG", "SET", "maxmemory", "100mb"), Is.EqualTo("+OK\r\n"));

        Assert.That(Servers.Select(server => server.Call("CONFIG", "GET", "maxmemory")), Is.All.EqualTo("*2\r\n$9\r\nmaxmemory\r\n$9\r\n104857600\r\n"));
        Assert.That(Client.Call("CONFIG", "GET", "maxmemory"), Is.EqualTo($"{Map(1)}$9\r\nmaxmemory\r\n$9\r\n104857600\r\n"));
    }

    [Test]
    public void ConfigSetThatServersRefuse_IsRefusedInTheirWords() =>
        Assert.That(Client.Call("CONFIG", "SET", "nosuch", "1"), Is.EqualTo(Servers[0].Call("CONFIG", "SET", "nosuch", "1")));

    [Test]
    public void ConfigGet_IsAsOfOneServer()
    {
        using var direct = Servers[0].Connect();
        direct.Call("HELLO", $"{version}");

        Assert.That(Client.Call("CONFIG", "GET", "maxmemory*", "databases", "nosuch"), Is.EqualTo(direct.Call("CONFIG", "GET", "maxmemory*", "databases", "nosuch")));
        Assert.That(Client.Call("CONFIG", "GET", "nosuch"), Is.EqualTo(direct.Call("CONFIG", "GET", "nosuch")));
        Assert.That(Client.Call("CONFIG", "GET", "*").Split("\r\n")[0], Is.EqualTo(direct.Call("CONFIG", "GET", "*").Split("\r\n")[0]));
    }

    [Test]
    public void KeyspaceEvents_AreThoseThatAllServersNotifyOf()
    {
        Servers[0].Call("CONFIG", "SET", "notify-keyspace-events", "AKE");
        Servers[1].Call("CONFIG", "SET", "notify-keyspace-events", "Egx");
        Servers[2].Call("CONFIG", "SET", "notify-keyspace-events", "EKx");

        Assert.That(Client.Call("CONFIG", "GET", "notify-keyspace-events"), Does.EndWith("\r\n$2\r\nxE\r\n"));
    }

    [Test]
    public void ConfigResetStat_ReachesEveryServer()
    {
        Client.Call("GET", Key(0));
        Client.Call("GET", Key(1));

        Assert.That(Client.Call("CONFIG", "RESETSTAT"), Is.EqualTo("+OK\r\n"));
        Assert.That(Servers.Select(server => server.CallsOf("get")), Is.All.Zero);
    }

    [Test]
    public void Users_AreMadeAndRemovedOnEveryServer()
    {
        Assert.That(Client.Call("ACL", "SETUSER", "somebody", "on", "nopass"), Is.EqualTo("+OK\r\n"));
        Assert.That(Servers.Select(server => server.Call("ACL", "USERS")), Is.All.Contains("somebody"));
        Assert.That(Client.Call("ACL", "USERS"), Is.EqualTo(Servers[0].Call("ACL", "USERS")));

        Servers[0].Call("ACL", "DELUSER", "somebody");

        Assert.That(Client.Call("ACL", "DELUSER", "somebody"), Is.EqualTo(":1\r\n"));
        Assert.That(Servers.Select(server => server.Call("ACL", "USERS")), Has.None.Contains("somebody"));
    }

    [Test]
    public void AclLog_IsOfAllServers()
    {
        Client.Call("ACL", "LOG", "RESET");
        foreach (var server in Servers)
        {
            server.Call("AUTH", "nobody", $"at {server.Port}");
        }

        Assert.That(Client.Call("ACL", "LOG").Split("\r\n")[0], Is.EqualTo("*3"));
        Assert.That(Client.Call("ACL", "LOG", "2").Split("\r\n")[0], Is.EqualTo("*2"));
        Assert.That(Client.Call("ACL", "LOG", "RESET"), Is.EqualTo("+OK\r\n"));
        Assert.That(Client.Call("ACL", "LOG"), Is.EqualTo("*0\r\n"));
    }

    [Test]
    public void SlowLog_IsOfAllServers_NewestFirst()
    {
        Client.Call("CONFIG", "SET", "slowlog-log-slower-than", "0");
        Client.Call("GET", Key(0));
        Client.Call("GET", Key(1));
        Client.Call("GET", Key(2));
        Client.Call("CONFIG", "SET", "slowlog-log-slower-than", "-1");
        var entries = Client.Call("SLOWLOG", "GET", "-1");

        Assert.That(new[] { Key(0), Key(1), Key(2) }, Is.All.Matches<string>(key => entries.Contains($"\r\n{key}\r\n", StringComparison.Ordinal)));
        Assert.That(Client.Call("SLOWLOG", "GET", "2").Split("\r\n")[0], Is.EqualTo("*2"));
        Assert.That(Number(Client.Call("SLOWLOG", "LEN")), Is.EqualTo(Servers.Sum(server => Number(server.Call("SLOWLOG", "LEN")))));

        Assert.That(Client.Call("SLOWLOG", "RESET"), Is.EqualTo("+OK\r\n"));
        Assert.That(Client.Call("SLOWLOG", "GET"), Is.EqualTo("*0\r\n"));
    }

    [TestCase("SLOWLOG GET -2")]
    [TestCase("SLOWLOG GET abc")]
    [TestCase("ACL LOG abc")]
    [TestCase("ACL CAT nosuch")]
    [TestCase("LATENCY HISTORY nosuch")]
    [TestCase("LATENCY GRAPH nosuch")]
    [TestCase("LATENCY LATEST")]
    [TestCase("LATENCY HISTOGRAM nosuch")]
    [TestCase("MODULE LIST")]
    [TestCase("MODULE LOAD /nosuch")]
    [TestCase("MEMORY HELP")]
    [TestCase("MEMORY PURGE")]
    [TestCase("CONFIG HELP")]
    [TestCase("CONFIG REWRITE")]
    [TestCase("OBJECT HELP")]
    [TestCase("PFSELFTEST")]
    [TestCase("SAVE")]
    [TestCase("DEBUG SLEEP 0")]
    [TestCase("DEBUG SET-ACTIVE-EXPIRE 1")]
    [TestCase("DEBUG PROTOCOL map")]
    [TestCase("DEBUG HELP")]
    [TestCase("DEBUG NOSUCH")]
    [TestCase("DEBUG DIGEST")]
    [TestCase("ACL SAVE")]
    [TestCase("CLUSTER NODES")]
    [TestCase("LOLWUT VERSION 5 1 1 1")]
    public void ReplyThatIsTheSameEverywhere_IsThatOfOneServer(string command)
    {
        using var direct = Servers[0].Connect();
        direct.Call("HELLO", $"{version}");

        Assert.That(Client.Call(command.Split(' ')), Is.EqualTo(direct.Call(command.Split(' '))));
    }

    [Test]
    public void LatencySpikes_AreOfAllServers()
    {
        Client.Call("CONFIG", "SET", "latency-monitor-threshold", "1");
        Assert.That(Client.Call("DEBUG", "SLEEP", "0.005"), Is.EqualTo("+OK\r\n"));

        Assert.That(Client.Call("LATENCY", "LATEST"), Does.StartWith("*1\r\n*4\r\n$7\r\ncommand\r\n"));
        Assert.That(Client.Call("LATENCY", "HISTORY", "command").Split("\r\n")[0], Is.EqualTo("*3"));
        Assert.That(Client.Call("LATENCY", "GRAPH", "command"), Does.Contain("# shard0\n").And.Contain("# shard2\n"));
        Assert.That(Client.Call("LATENCY", "DOCTOR"), Does.Contain("# shard1\n"));
        Assert.That(Client.Call("LATENCY", "RESET"), Is.EqualTo(":3\r\n"));
        Assert.That(Client.Call("LATENCY", "LATEST"), Is.EqualTo("*0\r\n"));
    }

    [Test]
    public void LatencyHistogram_HasTheCallsOfAllServers()
    {
        Client.Call("CONFIG", "RESETSTAT");
        Client.Call("SET", Key(0), "v");
        Client.Call("SET", Key(1), "v");
        Client.Call("SET", Key(1), "v");

        Assert.That(Client.Call("LATENCY", "HISTOGRAM", "set"), Does.StartWith($"{Map(1)}$3\r\nset\r\n{Map(2)}$5\r\ncalls\r\n:3\r\n$14\r\nhistogram_usec\r\n"));
    }

    [Test]
    public void MemoryStats_AreAdded()
    {
        Client.Call("SET", Key(0), "v");
        Client.Call("SET", Key(1), "v");
        Client.Call("SET", Key(2), "v");

        var stats = Client.Call("MEMORY", "STATS");

        Assert.That(stats, Does.Contain("\r\n$10\r\nkeys.count\r\n:3\r\n"));
        Assert.That(stats.Split("\r\n")[0], Is.EqualTo(version == 3 ? Shape("%") : Shape("*")));
        Assert.That(Client.Call("MEMORY", "DOCTOR"), Does.Contain("# shard0\n").And.Contain("# shard1\n").And.Contain("# shard2\n"));
        Assert.That(Client.Call("MEMORY", "MALLOC-STATS"), Does.Contain("# shard2\n"));
    }

    [Test]
    public void DebugOfAKey_GoesToItsServer()
    {
        Client.Call("RPUSH", Key(1), "a", "b");

        Assert.That(Client.Call("DEBUG", "OBJECT", Key(1)), Does.Contain("encoding:listpack").Or.Contain("encoding:quicklist"));
        Assert.That(Client.Call("DEBUG", "DIGEST-VALUE", Key(1), Key(1, 1)), Does.StartWith("*2\r\n"));
        Assert.That(Client.Call("DEBUG", "DIGEST-VALUE", Key(0), Key(1)), Is.EqualTo("-CROSSSLOT Keys in request don't hash to the same slot\r\n"));
    }

    [Test]
    public void Digest_IsThatOfOneServerWithAllKeys()
    {
        using var plain = RedisServer.Start();
        for (var i = 0; i < 30; i++)
        {
            Client.Call("SET", Key(i % 3, i), $"{i}");
            plain.Call("SET", Key(i % 3, i), $"{i}");
            if (i is 0 or 1 or 29)
            {
                Assert.That(Client.Call("DEBUG", "DIGEST"), Is.EqualTo(plain.Call("DEBUG", "DIGEST")), $"{i + 1} keys");
            }
        }
    }

    [TestCase("DEBUG SEGFAULT")]
    [TestCase("DEBUG RESTART")]
    public void WordThatEndsAServer_IsRefused(string command)
    {
        Assert.That(Client.Call(command.Split(' ')), Does.EndWith("' is not supported by this proxy\r\n"));
        Assert.That(Servers.Select(server => server.Call("PING")), Is.All.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void LastSave_IsTheEarliest()
    {
        var earliest = Servers.Min(server => Number(server.Call("LASTSAVE")));

        Assert.That(Number(Client.Call("LASTSAVE")), Is.EqualTo(earliest));
    }

    [Test]
    public void Info_IsThatOfOneServerWithAllData()
    {
        Client.Call("MSET", Key(0), "a", Key(1), "b", Key(2), "c");
        Client.Call("EXPIRE", Key(1), "1000");
        Client.Call("CONFIG", "RESETSTAT");
        Client.Call("GET", Key(0));
        Client.Call("GET", Key(1, 500));
        Servers[1].Call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        var info = Info.Of(Client, "everything");

        Assert.That(info["db0"], Does.StartWith("keys=3,expires=1,avg_ttl="));
        Assert.That((info["keyspace_hits"], info["keyspace_misses"]), Is.EqualTo(("1", "1")));
        Assert.That(info["maxmemory_policy"], Is.EqualTo("allkeys-lru"));
        Assert.That(long.Parse(info["used_memory"]!, CultureInfo.InvariantCulture), Is.GreaterThan(long.Parse(Info.Of(Client, "memory")["used_memory_startup"]!, CultureInfo.InvariantCulture)));
        Assert.That((info["role"], info["redis_mode"], info["cluster_enabled"], info["loading"]), Is.EqualTo(("master", "standalone", "0", "0")));
        Assert.That(info["run_id"], Is.Not.AnyOf(Servers.Select(server => Info.Parse(server.Call("INFO", "server"))["run_id"])));
        Assert.That((info["proxy_servers"], info["proxy_servers_answered"]), Is.EqualTo(("3", "3")));
        Eventually.Equal(() => Info.Of(Client)["connected_clients"], "1", "clients");
        Assert.That(info["cmdstat_get"], Does.StartWith("calls=2,"));
        Assert.That(info.Sections[^1], Is.EqualTo("Proxy"));
    }

    [Test]
    public void InfoWithoutASection_HasRedissDefaultSections()
    {
        using var direct = Servers[0].Connect();

        Assert.That(Info.Of(Client).Sections, Is.EqualTo(Info.Of(direct).Sections.Append("Proxy")));
    }

    [Test]
    public void JoinedCommandInATransaction_IsRefused()
    {
        Client.Call("MULTI");

        Assert.That(Client.Call("CONFIG", "GET", "maxmemory"), Is.EqualTo("-ERR Command not allowed inside a transaction\r\n"));
        Assert.That(Client.Call("EXEC"), Does.StartWith("-EXECABORT "));
    }

    [Test]
    public void InfoInATransaction_TellsWhatTheProxyKnows()
    {
        Client.Call("MULTI");
        Client.Call("SET", Key(1), "v");
        Client.Call("INFO", "replication");

        Assert.That(Client.Call("EXEC"), Does.StartWith("*2\r\n+OK\r\n").And.Contain("role:master\r\n"));
    }

    [Test]
    public void TrackingClient_GetsTheSame()
    {
        Client.Call("HELLO", "3");
        Client.Call("CLIENT", "TRACKING", "ON");

        Assert.That(Client.Call("CONFIG", "SET", "maxmemory", "1gb"), Is.EqualTo("+OK\r\n"));
        Assert.That(Client.Call("CONFIG", "GET", "maxmemory"), Is.EqualTo("%1\r\n$9\r\nmaxmemory\r\n$10\r\n1073741824\r\n"));
        Assert.That(Info.Of(Client)["proxy_servers_answered"], Is.EqualTo("3"));
        Assert.That(Client.Call("DEBUG", "OBJECT", Key(1)), Is.EqualTo("-ERR no such key\r\n"));
    }

    [Test]
    public void Pipeline_KeepsItsOrder()
    {
        Client.Send([
            .. RespFrame.Request("SET", Key(1), "v"), .. RespFrame.Request("INFO", "keyspace"), .. RespFrame.Request("CONFIG", "GET", "databases"),
            .. RespFrame.Request("GET", Key(1)), .. RespFrame.Request("SLOWLOG", "LEN"),
        ]);

        Assert.That(Client.ReadReply(), Is.EqualTo("+OK\r\n"));
        Assert.That(Client.ReadReply(), Does.Contain("db0:keys=1,"));
        Assert.That(Client.ReadReply(), Does.Contain("databases"));
        Assert.That(Client.ReadReply(), Is.EqualTo("$1\r\nv\r\n"));
        Assert.That(Client.ReadReply(), Does.StartWith(":"));
    }

    private string Map(int pairs) => version == 3 ? $"%{pairs}\r\n" : $"*{2 * pairs}\r\n";

    // As many figures as a server with a database has.
    private string Shape(string kind)
    {
        using var direct = Servers[0].Connect();
        direct.Call("HELLO", $"{version}");
        var header = direct.Call("MEMORY", "STATS").Split("\r\n")[0];
        Assert.That(header, Does.StartWith(kind));
        return header;
    }

    private static long Number(string reply) => long.Parse(reply.AsSpan(1).TrimEnd("\r\n"), CultureInfo.InvariantCulture);
}
