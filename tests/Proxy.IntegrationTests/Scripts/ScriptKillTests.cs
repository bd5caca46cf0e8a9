using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Scripts;

/// <summary>Scripts and functions that do not end, with one server and with two.</summary>
[TestFixture(1)]
[TestFixture(2)]
public sealed class ScriptKillTests(int servers)
{
    private const string Library = "#!lua name=endless\nredis.register_function('endless', function() while true do end end)";

    private RedisTopology _topology = null!;
    private RespClient _running = null!;
    private RespClient _client = null!;

    [SetUp]
    public void Start()
    {
        _topology = RedisTopology.Start([.. Enumerable.Range(0, servers).Select(_ => RedisServer.Start("--busy-reply-threshold", "50"))], []);
        _running = _topology.Connect();
        _client = _topology.Connect();
    }

    [TearDown]
    public void End()
    {
        _running.Dispose();
        _client.Dispose();
        _topology.Dispose();
    }

    private string Key => RedisTopology.Key(servers - 1);

    [TestCase("2", "0")]
    [TestCase("3", "0")]
    [TestCase("2", "3")]
    public void EndlessScript_IsKilled(string version, string database)
    {
        _client.Call("HELLO", version);
        _client.Call("SELECT", database);
        _running.SendCommand("EVAL", "while true do end", "1", Key);
        WaitUntilBusy();

        Assert.That(_client.Call("SCRIPT", "KILL"), Is.EqualTo("+OK\r\n"));

        Assert.That(_running.ReadReply(), Does.StartWith("-ERR Error running script").Or.Contain("killed by user"));
        Assert.That(_client.Call("SET", Key, "v"), Is.EqualTo("+OK\r\n"));
        Assert.That(_running.Call("GET", Key), Is.Not.Null);
    }

    [Test]
    public void NothingRuns_IsNotBusy()
    {
        Assert.That(_client.Call("SCRIPT", "KILL"), Is.EqualTo("-NOTBUSY No scripts in execution right now.\r\n"));
        Assert.That(_client.Call("FUNCTION", "KILL"), Is.EqualTo("-NOTBUSY No scripts in execution right now.\r\n"));
    }

    [Test]
    public void ScriptThatWrote_IsUnkillable()
    {
        _running.SendCommand("EVAL", "redis.call('set', KEYS[1], 1) while true do end", "1", Key);
        WaitUntilBusy();

        Assert.That(_client.Call("SCRIPT", "KILL"), Does.StartWith("-UNKILLABLE"));
    }

    [Test]
    public void EndlessFunction_IsShownAndKilled()
    {
        Assert.That(_client.Call("FUNCTION", "LOAD", Library), Is.EqualTo("$7\r\nendless\r\n"));
        _running.SendCommand("FCALL", "endless", "1", Key);
        WaitUntilBusy();

        Assert.That(_client.Call("FUNCTION", "STATS"), Does.StartWith("*4\r\n$14\r\nrunning_script\r\n*6\r\n$4\r\nname\r\n$7\r\nendless\r\n"));
        Assert.That(_client.Call("SCRIPT", "KILL"), Does.StartWith("-BUSY").Or.StartsWith("-NOTBUSY"), "it is no script");
        Assert.That(_client.Call("FUNCTION", "KILL"), Is.EqualTo("+OK\r\n"));
        Assert.That(_running.ReadReply(), Does.StartWith("-ERR"));
        Assert.That(_client.Call("FUNCTION", "STATS"), Does.StartWith("*4\r\n$14\r\nrunning_script\r\n$-1\r\n"));
    }

    [Test]
    public void ClientThatPipelinesAKillBehindItsOwnScript_IsKilledByAnother()
    {
        _running.Send([.. RespFrame.Request("EVAL", "while true do end", "1", Key), .. RespFrame.Request("SCRIPT", "KILL")]);
        WaitUntilBusy();

        Assert.That(_client.Call("SCRIPT", "KILL"), Is.EqualTo("+OK\r\n"));

        Assert.That(_running.ReadReplies(2), Does.EndWith("-NOTBUSY No scripts in execution right now.\r\n"));
    }

    private void WaitUntilBusy() =>
        Eventually.True(() => _topology.Servers[servers - 1].Call("PING").StartsWith("-BUSY", StringComparison.Ordinal), "the server is busy");
}
