using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Modules;

/// <summary>Commands of a module behind two servers: routed by what the servers tell of them.</summary>
public sealed class ModuleCommandTests
{
    private TestModule _module = null!;
    private RedisTopology _topology = null!;
    private RespClient _client = null!;

    [OneTimeSetUp]
    public void StartServers()
    {
        _module = new TestModule();
        _topology = RedisTopology.Start([_module.StartServer(), _module.StartServer()], []);
    }

    [OneTimeTearDown]
    public void EndServers()
    {
        _topology?.Dispose();
        _module?.Dispose();
    }

    [SetUp]
    public void EmptyServersAndConnect()
    {
        _topology.Flush();
        _client = _topology.Connect();
    }

    [TearDown]
    public void CloseClient() => _client.Dispose();

    [TestCase(0)]
    [TestCase(1)]
    public void Key_IsOnItsServer(int server)
    {
        Assert.That(_client.Call("TESTMOD.SET", Key(server), "v"), Is.EqualTo("+OK\r\n"));

        Assert.That(_topology.Servers[server].Call("GET", Key(server)), Is.EqualTo("$1\r\nv\r\n"));
        Assert.That(_client.Call("testmod.get", Key(server)), Is.EqualTo("$1\r\nv\r\n"));
    }

    [Test]
    public void SeveralKeys_HaveToBeOnOneServer()
    {
        _client.Call("MSET", Key(1, 1), "a", Key(1, 2), "b");

        Assert.That(_client.Call("TESTMOD.COUNT", Key(1, 1), Key(1, 2), Key(1, 3)), Is.EqualTo(":2\r\n"));
        Assert.That(_client.Call("TESTMOD.COUNT", Key(0), Key(1)), Does.StartWith("-CROSSSLOT"));
    }

    [Test]
    public void Subcommands_AreRoutedEachByItsKeys()
    {
        Assert.That(_client.Call("TESTMOD.BOX", "SET", Key(1), "v"), Is.EqualTo("+OK\r\n"));
        Assert.That(_client.Call("TestMod.Box", "get", Key(1)), Is.EqualTo("$1\r\nv\r\n"));
        Assert.That(_topology.Servers[1].Call("EXISTS", Key(1)), Is.EqualTo(":1\r\n"));
    }

    [TestCase("TESTMOD.BOX")]
    [TestCase("TESTMOD.BOX NOSUCH")]
    [TestCase("TESTMOD.GET")]
    [TestCase("TESTMOD.GET a b")]
    [TestCase("TESTMOD.NOSUCH a")]
    public void WrongRequest_RefusedInTheServersWords(string request) =>
        Assert.That(_client.Call(request.Split(' ')), Is.EqualTo(_topology.Servers[0].Call(request.Split(' '))));

    [TestCase("TESTMOD.SIZE", "testmod.size")]
    [TestCase("TESTMOD.ADMIN", "testmod.admin")]
    [TestCase("TESTMOD.PAUSE 1", "testmod.pause")]
    [TestCase("TESTMOD.BOX SIZE", "testmod.box|size")]
    [TestCase("TESTMOD.HIDDEN v k", "testmod.hidden")]
    public void CommandWithoutKeysThatServersTellOf_NotSupported(string request, string name) =>
        Assert.That(_client.Call(request.Split(' ')), Is.EqualTo($"-ERR command '{name}' is not supported by this proxy\r\n"));

    [Test]
    public void BlockingCommand_HoldsUpNobodyElse()
    {
        using var waiting = _topology.Connect();
        waiting.SendCommand("TESTMOD.WAIT", Key(1), "1500");
        Eventually.True(() => _client.Call("INFO", "clients").Contains("blocked_clients:1"), "it waits");

        Assert.That(_client.Call("TESTMOD.SET", Key(1), "v"), Is.EqualTo("+OK\r\n"));
        Assert.That(waiting.TryReadReply(), Is.Null, "it waits still");
        Assert.That(waiting.ReadReply(), Is.EqualTo("+WAITED\r\n"));
    }

    [Test]
    public void Transaction_MayHaveThem()
    {
        Assert.That(_client.Call("MULTI"), Is.EqualTo("+OK\r\n"));
        Assert.That(_client.Call("TESTMOD.SET", Key(1), "v"), Is.EqualTo("+QUEUED\r\n"));
        Assert.That(_client.Call("TESTMOD.BOX", "GET", Key(1)), Is.EqualTo("+QUEUED\r\n"));
        Assert.That(_client.Call("TESTMOD.GET", Key(0)), Does.StartWith("-CROSSSLOT"));
        Assert.That(_client.Call("EXEC"), Does.StartWith("-EXECABORT"));
        _client.Call("MULTI");
        _client.Call("TESTMOD.SET", Key(1), "v");
        _client.Call("TESTMOD.BOX", "GET", Key(1));
        Assert.That(_client.Call("EXEC"), Is.EqualTo("*2\r\n+OK\r\n$1\r\nv\r\n"));
    }

    [Test]
    public void TrackingClient_IsToldOfChangesByThem()
    {
        _client.Call("HELLO", "3");
        _client.Call("CLIENT", "TRACKING", "ON");
        Assert.That(_client.Call("TESTMOD.COUNT", Key(1)), Is.EqualTo(":0\r\n"));

        _topology.Servers[1].Call("SET", Key(1), "v");

        Assert.That(_client.ReadReply(), Is.EqualTo($">2\r\n$10\r\ninvalidate\r\n*1\r\n${Key(1).Length}\r\n{Key(1)}\r\n"));
    }

    [TestCase("COMMAND COUNT")]
    [TestCase("COMMAND INFO testmod.get testmod.wait testmod.hidden nosuch testmod.nosuch")]
    [TestCase("COMMAND INFO testmod.box|get")]
    [TestCase("COMMAND GETKEYS TESTMOD.COUNT a b")]
    [TestCase("COMMAND GETKEYS TESTMOD.BOX SET a b")]
    [TestCase("COMMAND GETKEYS TESTMOD.SIZE")]
    [TestCase("COMMAND GETKEYS TESTMOD.NOSUCH")]
    [TestCase("COMMAND GETKEYSANDFLAGS TESTMOD.GET a")]
    [TestCase("COMMAND LIST FILTERBY PATTERN testmod.w*")]
    public void CommandAboutThem_AnsweredAsByTheServer(string request)
    {
        using var server = _topology.Servers[0].Connect();
        foreach (var version in new[] { "2", "3" })
        {
            _client.Call("HELLO", version);
            server.Call("HELLO", version);

            Assert.That(_client.Call(request.Split(' ')), Is.EqualTo(server.Call(request.Split(' '))), $"version {version}");
        }
    }

    [Test]
    public void AllCommands_AreTold()
    {
        Assert.That(
            _client.Call("COMMAND"),
            Does.StartWith("*249\r\n").And.Contain("$11\r\ntestmod.get\r\n").And.Contain("$15\r\ntestmod.box|get\r\n"));
        Assert.That(_client.Call("COMMAND", "DOCS", "testmod.get"), Does.StartWith("*2\r\n$11\r\ntestmod.get\r\n*"));
    }

    private static string Key(int server, int number = 0) => RedisTopology.Key(server, number);
}
