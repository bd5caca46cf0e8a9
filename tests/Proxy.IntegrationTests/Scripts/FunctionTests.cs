using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Scripts;

/// <summary>Functions over three servers: every server has the same.</summary>
public sealed class FunctionTests() : TopologyTests(servers: 3)
{
    private const string Library = "#!lua name=lib\nredis.register_function('inc', function(keys) return redis.call('incr', keys[1]) end)";

    [SetUp]
    public void FlushFunctions() => Client.Call("FUNCTION", "FLUSH");

    [TestCase("2")]
    [TestCase("3")]
    public void Loaded_RunsOnEveryServer(string version)
    {
        Client.Call("HELLO", version);
        Assert.That(Client.Call("FUNCTION", "LOAD", Library), Is.EqualTo("$3\r\nlib\r\n"));

        Assert.That(Servers.Select((_, i) => Client.Call("FCALL", "inc", "1", Key(i))), Is.All.EqualTo(":1\r\n"));
        using var direct = Servers[0].Connect();
        direct.Call("HELLO", version);
        foreach (var request in (string[][])[["FUNCTION", "LIST"], ["FUNCTION", "STATS"], ["FUNCTION", "DUMP"], ["FUNCTION", "LIST", "WITHCODE"], ["FUNCTION", "HELP"]])
        {
            Assert.That(Client.Call(request), Is.EqualTo(direct.Call(request)), string.Join(' ', request));
        }
    }

    [Test]
    public void LoadedTwice_IsTheServersError()
    {
        Client.Call("FUNCTION", "LOAD", Library);

        Assert.That(Client.Call("FUNCTION", "LOAD", Library), Is.EqualTo("-ERR Library 'lib' already exists\r\n"));
        Assert.That(Client.Call("FUNCTION", "LOAD", "REPLACE", Library), Is.EqualTo("$3\r\nlib\r\n"));
    }

    [Test]
    public void Deleted_IsGoneEverywhere()
    {
        Client.Call("FUNCTION", "LOAD", Library);

        Assert.That(Client.Call("FUNCTION", "DELETE", "lib"), Is.EqualTo("+OK\r\n"));

        Assert.That(Servers.Select(server => server.Call("FUNCTION", "LIST")), Is.All.EqualTo("*0\r\n"));
        Assert.That(Client.Call("FUNCTION", "DELETE", "lib"), Is.EqualTo("-ERR Library not found\r\n"));
    }

    [Test]
    public void DumpedAndRestored_IsOnEveryServer()
    {
        Client.Call("FUNCTION", "LOAD", Library);
        var dump = Client.Call("FUNCTION", "DUMP");
        var payload = dump[(dump.IndexOf('\n', StringComparison.Ordinal) + 1)..^2];
        Client.Call("FUNCTION", "FLUSH");

        Assert.That(Client.Call("FUNCTION", "RESTORE", payload), Is.EqualTo("+OK\r\n"));

        Assert.That(Servers.Select((_, i) => Client.Call("FCALL", "inc", "1", Key(i))), Is.All.EqualTo(":1\r\n"));
    }

    [Test]
    public void WithoutKeys_ItRunsOnTheFirstServer()
    {
        Client.Call("FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('put', function() return redis.call('set', 'here', 1) end)");

        Assert.That(Client.Call("FCALL", "put", "0"), Is.EqualTo("+OK\r\n"));
        Assert.That(Servers.Select(server => server.Call("EXISTS", "here")), Is.EqualTo([":1\r\n", ":0\r\n", ":0\r\n"]));
    }

    [Test]
    public void ServerIsDown_LoadIsAnErrorAndStatsAreTheOthers()
    {
        Servers[1].Kill();
        try
        {
            Assert.That(Client.Call("FUNCTION", "LOAD", Library), Does.StartWith("-ERR ").And.Contain("shard1"));
            Assert.That(Client.Call("FUNCTION", "STATS"), Does.StartWith("*4\r\n"));
        }
        finally
        {
            Servers[1].Restart();
        }

        Eventually.True(() => Client.Call("FUNCTION", "LOAD", "REPLACE", Library) == "$3\r\nlib\r\n", "it works again");
    }
}
