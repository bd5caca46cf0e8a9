using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Administration;

/// <summary>With one server everything that asks about it or administers it is answered as by the server itself.</summary>
[TestFixture(2)]
[TestFixture(3)]
public sealed class OneServerTests(int version) : TopologyTests(servers: 1)
{
    private RespClient _direct = null!;

    [SetUp]
    public void Connect()
    {
        _direct = Servers[0].Connect();
        Client.Call("HELLO", $"{version}");
        _direct.Call("HELLO", $"{version}");
    }

    [TearDown]
    public void Disconnect() => _direct.Dispose();

    [TestCase("CONFIG GET nosuch")]
    [TestCase("CONFIG GET timeout databases")]
    [TestCase("CONFIG SET maxmemory-policy allkeys-lru")]
    [TestCase("CONFIG SET nosuch 1")]
    [TestCase("CONFIG SET maxmemory abc")]
    [TestCase("CONFIG RESETSTAT")]
    [TestCase("CONFIG REWRITE")]
    [TestCase("CONFIG HELP")]
    [TestCase("CONFIG NOSUCH")]
    [TestCase("CONFIG")]
    [TestCase("ACL CAT")]
    [TestCase("ACL CAT nosuch")]
    [TestCase("ACL LIST")]
    [TestCase("ACL USERS")]
    [TestCase("ACL GETUSER default")]
    [TestCase("ACL GETUSER nosuch")]
    [TestCase("ACL SETUSER a on >b ~* +@all")]
    [TestCase("ACL SETUSER a nosuch")]
    [TestCase("ACL DELUSER nosuch")]
    [TestCase("ACL DRYRUN default GET a")]
    [TestCase("ACL LOG")]
    [TestCase("ACL LOG abc")]
    [TestCase("ACL LOG RESET")]
    [TestCase("ACL SAVE")]
    [TestCase("ACL LOAD")]
    [TestCase("ACL HELP")]
    [TestCase("SLOWLOG RESET")]
    [TestCase("SLOWLOG LEN")]
    [TestCase("SLOWLOG GET")]
    [TestCase("SLOWLOG GET -2")]
    [TestCase("SLOWLOG GET abc")]
    [TestCase("SLOWLOG HELP")]
    [TestCase("LATENCY LATEST")]
    [TestCase("LATENCY HISTORY command")]
    [TestCase("LATENCY HISTORY nosuch")]
    [TestCase("LATENCY RESET")]
    [TestCase("LATENCY RESET nosuch")]
    [TestCase("LATENCY GRAPH nosuch")]
    [TestCase("LATENCY DOCTOR")]
    [TestCase("LATENCY HISTOGRAM nosuch")]
    [TestCase("LATENCY HELP")]
    [TestCase("MEMORY PURGE")]
    [TestCase("MEMORY HELP")]
    [TestCase("MEMORY USAGE key")]
    [TestCase("MEMORY NOSUCH")]
    [TestCase("MODULE LIST")]
    [TestCase("MODULE LOAD /nosuch")]
    [TestCase("MODULE UNLOAD nosuch")]
    [TestCase("MODULE HELP")]
    [TestCase("SAVE")]
    [TestCase("PFDEBUG ENCODING key")]
    [TestCase("LOLWUT")]
    [TestCase("LOLWUT VERSION 5 1 1 1")]
    [TestCase("OBJECT HELP")]
    [TestCase("XGROUP HELP")]
    [TestCase("XINFO HELP")]
    [TestCase("DEBUG SLEEP 0")]
    [TestCase("DEBUG OBJECT nosuch")]
    [TestCase("DEBUG DIGEST")]
    [TestCase("DEBUG DIGEST-VALUE key nosuch")]
    [TestCase("DEBUG PROTOCOL map")]
    [TestCase("DEBUG PROTOCOL double")]
    [TestCase("DEBUG PROTOCOL verbatim")]
    [TestCase("DEBUG PROTOCOL null")]
    [TestCase("DEBUG STRUCTSIZE")]
    [TestCase("DEBUG SET-ACTIVE-EXPIRE 1")]
    [TestCase("DEBUG JMAP")]
    [TestCase("DEBUG NOSUCH")]
    [TestCase("DEBUG HELP")]
    [TestCase("DEBUG")]
    [TestCase("CLUSTER NODES")]
    [TestCase("CLUSTER HELP")]
    [TestCase("CLUSTER NOSUCH")]
    [TestCase("CLUSTER")]
    [TestCase("CLUSTER KEYSLOT")]
    [TestCase("READONLY")]
    [TestCase("ASKING")]
    [TestCase("INFO nosuch")]
    public void Reply_IsTheServers(string command)
    {
        var words = command.Split(' ');
        var before = Steady(_direct.Call(words));

        Assert.That(Steady(Client.Call(words)), Is.EqualTo(before));
    }

    [TestCase("CONFIG GET max*")]
    [TestCase("CONFIG GET *-max-*")]
    public void Settings_AreTheServers(string command)
    {
        var words = command.Split(' ');
        var before = Pairs(_direct.Call(words));

        Assert.That(Pairs(Client.Call(words)), Is.EquivalentTo(before));
    }

    [TestCase("BGSAVE")]
    [TestCase("BGREWRITEAOF")]
    [TestCase("LASTSAVE")]
    [TestCase("MEMORY STATS")]
    [TestCase("MEMORY DOCTOR")]
    [TestCase("MEMORY MALLOC-STATS")]
    [TestCase("ACL GENPASS")]
    [TestCase("PFSELFTEST")]
    [TestCase("LATENCY HISTOGRAM")]
    [TestCase("DEBUG HTSTATS 0")]
    public void CommandWithAnAnswerOfTheMoment_IsAnsweredByTheServer(string command)
    {
        var name = string.Join('|', command.ToLowerInvariant().Split(' ').Take(command.StartsWith("DEBUG", StringComparison.Ordinal) ? 1 : 2));
        var before = Servers[0].CallsOf(name);

        Assert.That(Client.Call(command.Split(' ')), Does.Not.StartWith("-ERR unknown").And.Not.Contain("not supported"));
        Assert.That(Servers[0].CallsOf(name), Is.EqualTo(before + 1));
    }

    [TestCase("DEBUG SEGFAULT", "debug|segfault")]
    [TestCase("debug Panic", "debug|panic")]
    [TestCase("SHUTDOWN NOSAVE", "shutdown")]
    [TestCase("SYNC", "sync")]
    [TestCase("REPLICAOF NO ONE", "replicaof")]
    [TestCase("FAILOVER", "failover")]
    public void CommandThatTakesTheServerAway_IsRefused(string command, string name)
    {
        Assert.That(Client.Call(command.Split(' ')), Is.EqualTo($"-ERR command '{name}' is not supported by this proxy\r\n"));
        Assert.That(Client.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [TestCase("INFO")]
    [TestCase("INFO all")]
    [TestCase("INFO everything")]
    [TestCase("INFO server stats")]
    [TestCase("INFO commandstats errorstats latencystats")]
    [TestCase("INFO keyspace proxy")]
    public void Info_HasTheServersSectionsAndFields(string command)
    {
        Client.Call("SET", "key", "v");
        var proxied = Info.Parse(Client.Call(command.Split(' ')));
        var direct = Info.Parse(_direct.Call(command.Split(' ')));

        Assert.That(proxied.Fields.Where(field => field.Section != "Proxy").Select(field => (field.Section, field.Name)), Is.EquivalentTo(direct.Fields.Select(field => (field.Section, field.Name))));
        Assert.That(proxied.Sections.Contains("Proxy"), Is.EqualTo(command is "INFO" or "INFO all" or "INFO everything" or "INFO keyspace proxy"));
    }

    [Test]
    public void Info_IsTheServersOwnButForWhatConcernsTheProxy()
    {
        var proxied = Info.Parse(Client.Call("INFO"));
        string[] same = ["redis_version", "run_id", "process_id", "config_file", "maxmemory", "maxmemory_policy", "master_replid", "role", "redis_mode", "cluster_enabled"];
        var direct = Info.Parse(_direct.Call("INFO"));

        Assert.That(same.Select(name => proxied[name]), Is.EqualTo(same.Select(name => direct[name])));
        Assert.That(proxied["tcp_port"], Is.EqualTo(Port()));
        Eventually.Equal(() => Info.Of(Client)["connected_clients"], "1", "clients");
        Assert.That(proxied["proxy_servers"], Is.EqualTo("1"));
    }

    [Test]
    public void InfoInATransaction_IsTheSame()
    {
        Client.Call("MULTI");
        Client.Call("INFO", "replication");
        Client.Call("SET", "key", "v");
        Client.Call("CONFIG", "GET", "databases");
        Client.Call("DEBUG", "SLEEP", "0");
        var reply = Client.Call("EXEC");

        Assert.That(reply, Does.StartWith("*4\r\n").And.Contain("# Replication\r\nrole:master\r\nconnected_slaves:0\r\n").And.Contain("+OK\r\n").And.Contain("databases\r\n$2\r\n16\r\n"));
    }

    [Test]
    public void KillingWordInATransaction_IsRefused()
    {
        Client.Call("MULTI");

        Assert.That(Client.Call("DEBUG", "SEGFAULT"), Is.EqualTo("-ERR Command not allowed inside a transaction\r\n"));
        Assert.That(Client.Call("EXEC"), Does.StartWith("-EXECABORT "));
    }

    private string Port() => Topology.Proxy.File.Pools[0].Listen.Split(':')[^1];

    // Their order depends on whether the server is saving at the moment.
    private static List<string> Pairs(string reply) => [.. reply.Split("\r\n").Skip(1).SkipLast(1).Chunk(4).Select(pair => string.Join(' ', pair))];

    // What differs between two calls: encodings of addresses, times.
    private static string Steady(string reply) => Regex.Replace(reply, "(?<=:)0x[0-9a-f]+|[0-9]+ addresses", "…");
}
