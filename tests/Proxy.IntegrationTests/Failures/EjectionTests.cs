using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Failures;

/// <summary><c>auto_eject_hosts</c>: a failing server leaves the ring, and returns when it is healthy.</summary>
public sealed class EjectionTests
{
    private const string Moved = "+OK\r\n";

    private static readonly string[] Ejecting =
        ["auto_eject_hosts: true", "server_failure_limit: 2", "server_retry_timeout: 300", "timeout: 1000"];

    [Test]
    public void KilledServer_ItsKeysMove_AndComeBackWithIt()
    {
        using var survivor = RedisServer.Start();
        using var killed = RedisServer.Start();
        using var proxy = ProxyProcess.Start(ProxyFile.Of([survivor.Address, killed.Address], Ejecting));
        using var client = proxy.Connect();
        var key = KeyOf(killed, client);
        killed.Kill();

        Eventually.Equal(() => client.Call("SET", key, "moved"), Moved, "the key has moved");
        Assert.That(survivor.Call("GET", key), Is.EqualTo("$5\r\nmoved\r\n"));

        killed.Restart();
        Eventually.Equal(() => client.Call("GET", key), "$-1\r\n", "the key is back with its own, now empty, server");
        Assert.That(client.Call("SET", key, "home"), Is.EqualTo("+OK\r\n"));
        Assert.That(killed.Call("GET", key), Is.EqualTo("$4\r\nhome\r\n"));
    }

    [Test]
    public void OtherKeys_StayWhereTheyAre()
    {
        using var survivor = RedisServer.Start();
        using var killed = RedisServer.Start();
        using var proxy = ProxyProcess.Start(ProxyFile.Of([survivor.Address, killed.Address], Ejecting));
        using var client = proxy.Connect();
        var key = KeyOf(killed, client);
        var staying = KeyOf(survivor, client);
        client.Call("SET", staying, "stays");
        killed.Kill();

        Eventually.Equal(() => client.Call("SET", key, "moved"), Moved, "the key has moved");

        Assert.That(client.Call("GET", staying), Is.EqualTo("$5\r\nstays\r\n"));
    }

    [Test]
    public void ServerThatConnectsButDoesNotAnswer_StaysOut()
    {
        using var survivor = RedisServer.Start();
        using var sick = ScriptedServer.Answering(_ => "+sick\r\n");
        using var proxy = ProxyProcess.Start(ProxyFile.Of([survivor.Address, sick.Address], Ejecting));
        using var client = proxy.Connect();
        var key = Enumerable.Range(0, 1000).Select(i => $"key-{i:x8}").First(name => client.Call("TYPE", name) == "+sick\r\n");
        sick.Refuse();
        Eventually.Equal(() => client.Call("SET", key, "moved"), Moved, "the key has moved");

        sick.IsHealthy = false;
        sick.Listen();
        var accepted = sick.Accepted;
        Eventually.True(() => sick.Accepted >= accepted + 2, "the proxy has tried the server twice");
        Assert.That(client.Call("GET", key), Is.EqualTo("$5\r\nmoved\r\n"));

        sick.IsHealthy = true;
        Eventually.Equal(() => client.Call("GET", key), "+sick\r\n", "the server is back");
    }

    [Test]
    public void AllServersEjected_ErrorAtOnce_AndBackWithTheFirst()
    {
        using var only = RedisServer.Start();
        using var proxy = ProxyProcess.Start(ProxyFile.Of([only.Address], Ejecting));
        using var client = proxy.Connect();
        Assert.That(client.Call("SET", "a", "1"), Is.EqualTo("+OK\r\n"));
        only.Kill();

        Eventually.Equal(() => client.Call("GET", "a").Split(" (")[0], "-ERR Connection refused", "the server is given up");

        only.Restart();
        Eventually.Equal(() => client.Call("GET", "a"), "$-1\r\n", "the server is back");
    }

    [Test]
    public void WithoutEjection_KeysStayAndFailFast_AndServeAgain()
    {
        using var survivor = RedisServer.Start();
        using var killed = RedisServer.Start();
        using var proxy = ProxyProcess.Start(ProxyFile.Of([survivor.Address, killed.Address], "timeout: 1000"));
        using var client = proxy.Connect();
        var key = KeyOf(killed, client);
        killed.Kill();

        for (var i = 0; i < 20; i++)
        {
            Assert.That(client.Call("SET", key, "x"), Does.StartWith("-ERR Connection ").And.EndsWith("(pool main, server shard1)\r\n"));
        }

        killed.Restart();
        Eventually.Equal(() => client.Call("SET", key, "again"), "+OK\r\n", "the server is used again");
    }

    private static string KeyOf(RedisServer server, RespClient client) =>
        Enumerable.Range(0, 1000).Select(i => $"key-{i:x8}").First(name =>
        {
            client.Call("SET", name, "probe");
            return server.Call("DEL", name) == ":1\r\n";
        });
}
