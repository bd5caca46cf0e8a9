using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.CrossServer;

/// <summary>Commands that take much: of time, which must not be the other clients', and of memory, which stays where it is configured.</summary>
public sealed class CrossServerLoadTests
{
    [Test]
    public void LongComputation_ClientsOfTheSameThreadGoOn()
    {
        List<RedisServer> servers = [RedisServer.Start(), RedisServer.Start()];
        using var topology = RedisTopology.Start(servers, ["threads: 1"], "cross_server: true");
        using var client = topology.Connect();
        using var busy = topology.Connect();
        for (var server = 0; server < 2; server++)
        {
            var random = new Random(server);
            client.Call("SET", RedisTopology.Key(server), string.Concat(Enumerable.Range(0, 11_000).Select(_ => (char)random.Next('a', 'z'))));
        }

        busy.SendCommand("LCS", RedisTopology.Key(0), RedisTopology.Key(1), "LEN");
        var answered = 0;
        for (; busy.TryReadReply() is null; answered++)
        {
            client.Call("PING");
        }

        // It takes some 150 ms and more; a thread that is busy with it would answer none, or the one that came before.
        Assert.That(answered, Is.GreaterThan(5));
    }

    [Test]
    public void ManyLargeRequests_StayWithinTheMemoryLimit()
    {
        List<RedisServer> servers = [RedisServer.Start(), RedisServer.Start()];
        using var topology = RedisTopology.Start(servers, ["threads: 2", "memory_limit: 64mb"], "cross_server: true", "client_output_limit: 8mb");
        using var client = topology.Connect();
        for (var server = 0; server < 2; server++)
        {
            for (var part = 0; part < 10; part++)
            {
                client.Call(["SADD", RedisTopology.Key(server), .. Enumerable.Range(0, 10_000).Select(i => $"member:{part}:{i}:{server}")]);
            }
        }

        var before = topology.Proxy.Process.ResidentBytes;
        var asking = Enumerable.Range(0, 24).Select(_ => topology.Connect()).ToList();
        for (var i = 0; i < 4; i++)
        {
            asking.ForEach(each => each.SendCommand("SINTERCARD", "2", RedisTopology.Key(0), RedisTopology.Key(1)));
            var replies = asking.Select(each => each.ReadReply());
            Assert.That(replies, Has.All.AnyOf(":0\r\n", "-ERR memory limit of the proxy reached\r\n"));
        }

        asking.ForEach(each => each.Dispose());

        Assert.That(topology.Proxy.Process.ResidentBytes - before, Is.LessThan(400L << 20));
        Eventually.Equal(() => client.Call("SINTERCARD", "2", RedisTopology.Key(0), RedisTopology.Key(1)), ":0\r\n", "the proxy answers again");
    }
}
