using System.Diagnostics;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Scripts;

/// <summary>What others are answered while a server runs a script that does not end.</summary>
[TestFixture(1, "1")]
[TestFixture(2, "3")]
public sealed class BusyTests(int servers, string threads)
{
    private const string Refusal = "-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n";

    /// <summary>Beyond the time from one connection that is taken out of the shared set to the next.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    private readonly Stopwatch _sinceScript = new();
    private RedisTopology _topology = null!;
    private RespClient _running = null!;
    private RespClient _client = null!;

    private string Key => RedisTopology.Key(servers - 1);

    private RedisServer Server => _topology.Servers[servers - 1];

    [OneTimeSetUp]
    public void Start()
    {
        _topology = RedisTopology.Start(
            [.. Enumerable.Range(0, servers).Select(_ => RedisServer.Start("--busy-reply-threshold", "10"))], [$"threads: {threads}"]);
        _sinceScript.Start();
    }

    [OneTimeTearDown]
    public void End() => _topology?.Dispose();

    [SetUp]
    public void Connect()
    {
        _topology.Flush();
        _running = _topology.Connect();
        _client = _topology.Connect();
        _running.Call("PING");
        Eventually.True(() => _client.Call("PING") == "+PONG\r\n" && _sinceScript.Elapsed > Interval, "the last script is forgotten");
    }

    [TearDown]
    public void Disconnect()
    {
        Server.Call("SCRIPT", "KILL");
        _sinceScript.Restart();
        _running.Dispose();
        _client.Dispose();
    }

    [TestCase("0")]
    [TestCase("3")]
    public void AnotherClientsRequest_IsRefused_UntilTheScriptIsKilled(string database)
    {
        _running.Call("SELECT", database);
        _client.Call("SELECT", database);
        RunScript();

        Assert.That(_client.Call("SET", Key, "v"), Is.EqualTo(Refusal));
        Assert.That(_client.Call("PING"), Is.EqualTo(Refusal));
        Assert.That(_client.Call("SCRIPT", "KILL"), Is.EqualTo("+OK\r\n"));
        Assert.That(_running.ReadReply(), Does.Contain("killed by user"));
        Eventually.True(() => _client.Call("SET", Key, "v") == "+OK\r\n", "it writes");
        Assert.That(_client.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void RequestBehindTheOwnScript_IsAnsweredAfterIt()
    {
        _running.Send([.. RespFrame.Request("EVAL", "while true do end", "1", Key), .. RespFrame.Request("PING", "behind")]);
        WaitUntilRefused();
        Assert.That(_client.Call("SCRIPT", "KILL"), Is.EqualTo("+OK\r\n"));

        Assert.That(_running.ReadReply(), Does.Contain("killed by user"));
        Assert.That(_running.ReadReply(), Is.EqualTo("$6\r\nbehind\r\n"));
    }

    [Test]
    public void ScriptBehindAnotherRequest_OccupiesTheServerLikeAnyOther()
    {
        _running.Send([.. RespFrame.Request("SET", Key, "v"), .. RespFrame.Request("EVAL", "while true do end", "1", Key)]);
        WaitUntilRefused();

        Assert.That(_client.Call("GET", Key), Is.EqualTo(Refusal));
    }

    [Test]
    public void ScriptInATransaction_OccupiesTheServerLikeAnyOther()
    {
        _running.Call("MULTI");
        _running.Call("EVAL", "while true do end", "1", Key);
        _running.SendCommand("EXEC");
        WaitUntilRefused();

        Assert.That(_client.Call("GET", Key), Is.EqualTo(Refusal));
        Assert.That(_client.Call("SCRIPT", "KILL"), Is.EqualTo("+OK\r\n"));
        Assert.That(_running.ReadReply(), Does.Contain("killed by user"));
    }

    [Test]
    public void CommandThatIsToBeQueued_IsRefused_AndTheTransactionDoesNotRun()
    {
        Assert.That(_client.Call("MULTI"), Is.EqualTo("+OK\r\n"));
        Assert.That(_client.Call("SET", Key, "1"), Is.EqualTo("+QUEUED\r\n"));
        RunScript();

        Assert.That(_client.Call("SET", Key, "2"), Is.EqualTo(Refusal));
        Kill();
        Assert.That(_client.Call("EXEC"), Is.EqualTo("-EXECABORT Transaction discarded because of previous errors.\r\n"));
        Assert.That(_client.Call("GET", Key), Is.EqualTo("$-1\r\n"));
    }

    [Test]
    public void Exec_IsRefused_AndEndsTheTransaction()
    {
        _client.Call("MULTI");
        _client.Call("SET", Key, "1");
        RunScript();

        Assert.That(_client.Call("EXEC"), Is.EqualTo("-EXECABORT Transaction discarded because of: " + Refusal[1..]));
        Kill();
        Assert.That(_client.Call("EXEC"), Is.EqualTo("-ERR EXEC without MULTI\r\n"));
        Assert.That(_client.Call("GET", Key), Is.EqualTo("$-1\r\n"));
    }

    [Test]
    public void ManyScripts_AreRefused_AndTheServerIsUsedAsBefore()
    {
        RunScript();
        for (var i = 0; i < 50; i++)
        {
            Assert.That(_client.Call("EVAL", "return 1", "1", Key), Is.EqualTo(Refusal));
        }

        Kill();
        Assert.That(_client.Call("EVAL", "return 1", "1", Key), Is.EqualTo(":1\r\n"));
        Assert.That(_running.ReadReply(), Does.Contain("killed by user"));
        Assert.That(_running.Call("GET", Key), Is.EqualTo("$-1\r\n"));
    }

    [Test]
    public void OtherServers_ServeAsBefore()
    {
        RunScript();
        for (var i = 0; i < servers - 1; i++)
        {
            Assert.That(_client.Call("SET", RedisTopology.Key(i), "v"), Is.EqualTo("+OK\r\n"));
            Assert.That(_client.Call("MULTI"), Is.EqualTo("+OK\r\n"));
            Assert.That(_client.Call("GET", RedisTopology.Key(i)), Is.EqualTo("+QUEUED\r\n"));
            Assert.That(_client.Call("EXEC"), Is.EqualTo("*1\r\n$1\r\nv\r\n"));
        }

        Assert.That(_client.Call("GET", Key), Is.EqualTo(Refusal));
    }

    private void RunScript()
    {
        _running.SendCommand("EVAL", "while true do end", "1", Key);
        WaitUntilRefused();
    }

    private void Kill()
    {
        Assert.That(Server.Call("SCRIPT", "KILL"), Is.EqualTo("+OK\r\n"));
        Eventually.True(() => Server.Call("PING") == "+PONG\r\n", "the script has ended");
    }

    /// <summary>
    /// By somebody whose requests are answered by the proxy unless it knows of the script: then that has its connection for itself.
    /// </summary>
    private void WaitUntilRefused()
    {
        Eventually.True(() => Server.Call("PING") == Refusal, "the server is busy");
        using var other = _topology.Connect();
        Eventually.True(() => other.Call("PING") == Refusal, "the proxy says so");
    }
}
