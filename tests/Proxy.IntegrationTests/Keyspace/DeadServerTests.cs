using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Keyspace;

/// <summary>Commands about all keys while the second of three servers is down.</summary>
public sealed class DeadServerTests
{
    private RedisTopology _topology = null!;
    private RespClient _client = null!;

    [SetUp]
    public void Start()
    {
        _topology = RedisTopology.Start(3);
        _client = _topology.Connect();
        _client.Call("MSET", Key(0), "a", Key(1), "b", Key(2), "c");
    }

    [TearDown]
    public void End()
    {
        _client.Dispose();
        _topology.Dispose();
    }

    [TestCase("DBSIZE")]
    [TestCase("RANDOMKEY")]
    [TestCase("FLUSHALL")]
    [TestCase("KEYS", "*")]
    public void ServerIsDown_TheWholeIsAnErrorAndTheClientGoesOn(params string[] request)
    {
        _topology.Servers[1].Kill();

        Assert.That(_client.Call(request), Does.StartWith("-ERR ").And.Contain("shard1"));
        Assert.That(_client.Call("PING"), Is.EqualTo("+PONG\r\n"));
        Assert.That(_client.Call("SET", Key(2), "d"), Is.EqualTo("+OK\r\n"));

        _topology.Servers[1].Restart();
        Eventually.True(() => _client.Call(request)[0] != '-', "it works again");
    }

    [Test]
    public void Scan_StopsAtTheServerAndGoesOnWhenItIsBack()
    {
        const string cursor = "1";
        _topology.Servers[1].Kill();

        Assert.That(_client.Call("SCAN", cursor), Does.StartWith("-ERR ").And.Contain("shard1"));

        _topology.Servers[1].Restart();
        var rest = $"*2\r\n$1\r\n0\r\n{RespFrame.Array(Key(2))}";
        Eventually.True(() => _client.Call("SCAN", cursor) == rest, "the server that came back empty is scanned, and the next");
    }

    [Test]
    public void ScanOfFewKeys_EndsBeforeTheServer()
    {
        _topology.Servers[1].Kill();

        Assert.That(Scanning.Page(_client, "0"), Is.EqualTo(("1", (string[])[Key(0)])));
    }

    [Test]
    public void EjectedServer_IsPassedOver()
    {
        using var proxy = ProxyProcess.Start(ProxyFile.Of(
            _topology.Servers.Select(server => server.Address), "auto_eject_hosts: true", "server_failure_limit: 1", "server_retry_timeout: 60000"));
        using var client = proxy.Connect();
        _topology.Servers[1].Kill();

        Eventually.True(() => client.Call("DBSIZE") == ":2\r\n", "the server is ejected");

        Assert.That(Scanning.All(client), Is.EquivalentTo([Key(0), Key(2)]));
        Assert.That(client.Call("KEYS", "*"), Is.EqualTo(RespFrame.Array(Key(0), Key(2))));
        Assert.That(client.Call("SCAN", "1"), Is.EqualTo($"*2\r\n$1\r\n0\r\n{RespFrame.Array(Key(2))}"));
    }

    [Test]
    public void ServerThatDiesWhileItsKeysAreRead_ClosesTheClient()
    {
        var name = new string('n', 5000);
        _topology.Servers[0].Call("EVAL", "for i = 1, 20000 do redis.call('set', ARGV[1] .. i, '') end return 1", "0", $"key:{name}");
        using var slow = RespClient.Connect(_topology.Proxy.File.Pools[0].EndPoint, receiveBuffer: 4096);
        slow.SendCommand("KEYS", "*");
        Eventually.True(() => slow.HasInput, "the reply begins");

        _topology.Servers[0].Kill();

        Assert.That(slow.ReadToEnd(), Does.StartWith("*20003\r\n"));
        Assert.That(_client.Call("GET", Key(2)), Is.EqualTo("$1\r\nc\r\n"));
    }

    [Test]
    public void ServerThatHangs_TimesOutAndHoldsUpNobodyElse()
    {
        using var topology = RedisTopology.Start(3, "timeout: 300");
        using var client = topology.Connect();
        using var other = topology.Connect();
        client.Call("DBSIZE");
        topology.Servers[1].Pause();
        try
        {
            client.SendCommand("KEYS", "*");
            Assert.That(other.Call("SET", Key(2), "c"), Is.EqualTo("+OK\r\n"));

            Assert.That(client.ReadReply(), Does.StartWith("-ERR Connection timed out").And.Contain("shard1"));
        }
        finally
        {
            topology.Servers[1].Resume();
        }

        Eventually.True(() => client.Call("KEYS", "*") == RespFrame.Array(Key(2)), "it works again");
    }

    private static string Key(int server) => RedisTopology.Key(server);
}
