using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.CrossServer;

/// <summary>Many clients ask for much at once: the proxy's memory stays where it is configured, and it answers again afterwards.</summary>
public sealed class CrossServerMemoryTests
{
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
