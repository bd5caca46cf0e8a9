using System.Text;
using NUnit.Framework;
using Proxy.Partitioning;
using Proxy.Testing;

namespace Proxy.IntegrationTests.ClientSide;

/// <summary>An application that partitions by itself with Proxy.Partitioning finds every key where the proxy has put it.</summary>
public sealed class RouteTests
{
    private static readonly string[] Keys =
        [.. Enumerable.Range(0, 200).SelectMany(i => new[] { $"user:{i}", $"{{tag{i % 7}}}:{i}", $"plain-{i * 7919:x}", $"{i}" })];

    private List<RedisServer> _servers = null!;

    [OneTimeSetUp]
    public void StartRedis() => _servers = [.. Enumerable.Range(0, 4).Select(_ => RedisServer.Start())];

    [OneTimeTearDown]
    public void EndRedis() => _servers.ForEach(server => server.Dispose());

    [TestCase(Distribution.Ketama, HashFunction.Fnv1a_64, "ketama", "hash: fnv1a_64")]
    [TestCase(Distribution.Ketama, HashFunction.Md5, "ketama", "hash: md5")]
    [TestCase(Distribution.Ketama, HashFunction.Murmur, "consistent-hash", "hash: murmur")]
    [TestCase(Distribution.Modula, HashFunction.Crc32a, "modula", "hash: crc32a")]
    [TestCase(Distribution.Modula, HashFunction.Jenkins, "modulo", "hash: jenkins")]
    [TestCase(Distribution.Slots, HashFunction.Crc16, "slots", "preconnect: true")]
    [TestCase(Distribution.Range, HashFunction.Fnv1a_64, "range", "range: { by: number, bounds: [50, 100, 150], otherwise: shard2 }")]
    public void LibraryAndProxy_ChooseTheSameServer(Distribution distribution, HashFunction hash, string name, string poolKey)
    {
        var partitioner = Partitioner.Create(new PartitionerOptions
        {
            Distribution = distribution,
            Hash = hash,
            HashTag = new HashTag((byte)'{', (byte)'}'),
            Members = [.. _servers.Select((_, i) => new PartitionMember(PoolText.ServerName(i)))],
            Bounds = distribution == Distribution.Range ? [50, 100, 150] : [],
            Otherwise = distribution == Distribution.Range ? 2 : null,
        });
        var file = new ProxyFile
        {
            Pools =
            [
                new PoolText
                {
                    Servers = [.. _servers.Select(server => server.Address)],
                    Distribution = name,
                    Keys = ["hash_tag: \"{}\"", poolKey],
                },
            ],
        };
        _servers.ForEach(server => server.Call("FLUSHALL"));
        using var proxy = ProxyProcess.Start(file);
        using var client = proxy.Connect();
        foreach (var key in Keys)
        {
            client.SendCommand("SET", key, "x");
        }

        client.ReadReplies(Keys.Length);
        var misplaced = Keys.GroupBy(key => partitioner.Route(Encoding.UTF8.GetBytes(key)))
            .Where(keys => _servers[keys.Key].Call(["EXISTS", .. keys]) != $":{keys.Count()}\r\n");
        Assert.That(misplaced, Is.Empty);

        var routes = ProxyProcess.Run(["route", "-c", proxy.ConfigPath, .. Keys]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(
            routes.Select(line => line.Split('\t')[1]),
            Is.EqualTo(Keys.Select(key => PoolText.ServerName(partitioner.Route(key)))));
    }
}
