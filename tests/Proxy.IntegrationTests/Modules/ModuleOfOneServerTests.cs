using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Modules;

/// <summary>With one server everything that its modules do is right: every reply is the server's.</summary>
public sealed class ModuleOfOneServerTests
{
    private TestModule _module = null!;
    private RedisTopology _topology = null!;

    [OneTimeSetUp]
    public void StartServer()
    {
        _module = new TestModule();
        _topology = RedisTopology.Start([_module.StartServer()], []);
    }

    [OneTimeTearDown]
    public void EndServer()
    {
        _topology?.Dispose();
        _module?.Dispose();
    }

    [TestCase("TESTMOD.SET k v")]
    [TestCase("TESTMOD.GET k")]
    [TestCase("TESTMOD.COUNT k l")]
    [TestCase("TESTMOD.HIDDEN v k")]
    [TestCase("TESTMOD.SIZE")]
    [TestCase("TESTMOD.ADMIN")]
    [TestCase("TESTMOD.PAUSE 1")]
    [TestCase("TESTMOD.WAIT k 1")]
    [TestCase("TESTMOD.BOX SIZE")]
    [TestCase("TESTMOD.BOX NOSUCH")]
    [TestCase("COMMAND")]
    [TestCase("COMMAND COUNT")]
    [TestCase("COMMAND LIST")]
    [TestCase("COMMAND LIST FILTERBY MODULE testmod")]
    [TestCase("COMMAND INFO testmod.box")]
    [TestCase("COMMAND DOCS testmod.box")]
    [TestCase("COMMAND GETKEYS TESTMOD.HIDDEN v k")]
    [TestCase("COMMAND HELP")]
    [TestCase("COMMAND NOSUCH")]
    public void Reply_IsTheServers(string request)
    {
        using var client = _topology.Connect();
        using var server = _topology.Servers[0].Connect();
        foreach (var version in new[] { "2", "3" })
        {
            client.Call("HELLO", version);
            server.Call("HELLO", version);

            Assert.That(client.Call(request.Split(' ')), Is.EqualTo(server.Call(request.Split(' '))), $"version {version}");
        }
    }

    [Test]
    public void BlockingCommandWithoutKeys_HoldsUpNobodyElse()
    {
        using var waiting = _topology.Connect();
        using var client = _topology.Connect();
        waiting.SendCommand("TESTMOD.PAUSE", "1500");
        Eventually.True(() => _topology.Servers[0].Call("INFO", "clients").Contains("blocked_clients:1"), "it waits");

        Assert.That(client.Call("TESTMOD.SET", "k", "v"), Is.EqualTo("+OK\r\n"));
        Assert.That(waiting.TryReadReply(), Is.Null, "it waits still");
        Assert.That(waiting.ReadReply(), Is.EqualTo("+WAITED\r\n"));
    }

    [Test]
    public void TransactionWithAllOfThem_RunsAsOnTheServer()
    {
        using var client = _topology.Connect();
        client.Call("MULTI");
        foreach (var request in new[] { "TESTMOD.SET k v", "TESTMOD.HIDDEN w k", "TESTMOD.GET k", "TESTMOD.ADMIN", "COMMAND COUNT" })
        {
            Assert.That(client.Call(request.Split(' ')), Is.EqualTo("+QUEUED\r\n"), request);
        }

        Assert.That(client.Call("EXEC"), Is.EqualTo("*5\r\n+OK\r\n+OK\r\n$1\r\nw\r\n:1\r\n:249\r\n"));
    }
}
