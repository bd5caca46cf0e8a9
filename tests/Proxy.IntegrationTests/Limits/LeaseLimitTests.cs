using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Limits;

/// <summary>More clients want to wait than there is room for.</summary>
public sealed class LeaseLimitTests
{
    private const int Clients = 40;

    // A server that has too many clients says so and closes; when it is quick, nothing but the close is seen.
    [TestCase("leased_connections: 10", "leased_connections reached")]
    [TestCase("leased_connections: 1000", "backend handshake failed: ERR max number of clients reached|Connection (lost|reset by peer)")]
    public void NoRoom_TheOthersAreToldWhyAndGetItLater(string key, string error)
    {
        using var topology = RedisTopology.Start([RedisServer.Start("--maxclients", "30")], ["threads: 1"], key);
        using var other = topology.Connect();
        other.Call("SET", "s", "v");
        var clients = Enumerable.Range(0, Clients).Select(_ => topology.Connect()).ToList();
        try
        {
            clients.ForEach(client => client.SendCommand("BLPOP", "k", "0"));

            // Not always the last: a place can become free while they come.
            var refused = Eventually.Get(
                () => clients.Select(client => client.ReadAvailable()).FirstOrDefault(reply => reply.Length > 0), "one is refused");
            Assert.That(refused, Does.Match($"^-ERR ({error}) \\(pool main, server shard0\\)\r\n$"));
            Assert.That(other.Call("GET", "s"), Is.EqualTo("$1\r\nv\r\n"), "whoever shares a connection goes on");
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        other.Call("RPUSH", "k", "x");
        Eventually.Equal(() => other.Call("BLPOP", "k", "1"), "*2\r\n$1\r\nk\r\n$1\r\nx\r\n", "there is room");
        Assert.That(other.Call("LLEN", "k"), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void ClientsGoWhileTheirConnectionsAreOpened_NothingIsLeftBehind()
    {
        using var metrics = new MetricsReader();
        using var topology = RedisTopology.Start([RedisServer.Start()], ["threads: 2", metrics.Key]);
        for (var round = 0; round < 10; round++)
        {
            var clients = Enumerable.Range(0, 100).Select(_ => topology.Connect()).ToList();
            clients.ForEach(client => client.SendCommand("BLPOP", "k", "0"));
            clients.ForEach(client => client.Abort());
        }

        using var other = topology.Connect();
        Eventually.Equal(() => metrics.Sum("redis_proxy_client_connections"), 1, "clients");
        Eventually.True(
            () => !topology.Servers[0].Call("CLIENT", "LIST").Contains("cmd=blpop", StringComparison.Ordinal), "nobody waits at the server");
        other.Call("RPUSH", "k", "x");
        Assert.That(other.Call("LLEN", "k"), Is.EqualTo(":1\r\n"));
        Assert.That((metrics.Sum("redis_proxy_blocked_clients"), metrics.Sum("redis_proxy_server_leased_connections")), Is.EqualTo((0d, 0d)));
    }
}
