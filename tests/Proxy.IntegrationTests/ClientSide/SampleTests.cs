using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.ClientSide;

/// <summary>The sample application, which shards by itself with Proxy.Partitioning alone, and the proxy: one route for every key.</summary>
public sealed class SampleTests
{
    private static readonly string Sample = ProxyProcess.BuiltFile("tests/Proxy.ClientSideSharding", "Proxy.ClientSideSharding");

    private static readonly string[] Keys =
        [.. Enumerable.Range(0, 100).SelectMany(i => new[] { $"user:{i}", $"{{tag{i % 7}}}:{i}", $"plain-{i * 7919:x}", $"Straße {i}" })];

    private List<RedisServer> _servers = null!;

    [OneTimeSetUp]
    public void StartRedis() => _servers = [.. Enumerable.Range(0, 3).Select(_ => RedisServer.Start())];

    [OneTimeTearDown]
    public void EndRedis() => _servers.ForEach(server => server.Dispose());

    [TestCase("ketama", "hash: md5", "--hash md5")]
    [TestCase("ketama", "hash: fnv1a_64", "")]
    [TestCase("modula", "hash: crc32a", "--hash crc32a")]
    [TestCase("slots", "preconnect: false", "")]
    [TestCase("range", "range: { by: number, bounds: [30, 60], otherwise: shard2 }", "--by number --bounds 30,60 --otherwise shard2")]
    [TestCase("range", "range: { by: bytes, bounds: [\"q\", \"user:5\"] }", "--by bytes --bounds q,user:5")]
    public void Routes_AreTheProxys(string distribution, string poolKey, string options)
    {
        using var folder = new TempFolder();
        var pool = new PoolText { Servers = Addresses, Distribution = distribution, Keys = ["hash_tag: \"{}\"", poolKey] };
        var config = folder.Write("proxy.yaml", new ProxyFile { Pools = [pool] }.ToString());

        var (exitCode, routes) = ChildProcess.Run(Sample, [.. Arguments(distribution, options), "route", .. Keys]);

        Assert.That(routes, Is.EqualTo(ProxyProcess.Run(["route", "-c", config, .. Keys]).Output));
        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public void WhatTheSampleStores_TheProxyFinds_AndTheOtherWayRound()
    {
        using var proxy = ProxyProcess.Start(new ProxyFile { Pools = [new PoolText { Servers = Addresses, Keys = ["hash_tag: \"{}\""] }] });
        using var client = proxy.Connect();
        for (var i = 0; i < 2; i++)
        {
            Assert.That(ChildProcess.Run(Sample, [.. Arguments("ketama", ""), "set", $"sample:{i}", $"value {i}"]).ExitCode, Is.Zero);
            client.Call("SET", $"proxy:{i}", $"value {i}");

            Assert.That(client.Call("GET", $"sample:{i}"), Is.EqualTo(RespFrame.Bulk($"value {i}")));
            Assert.That(ChildProcess.Run(Sample, [.. Arguments("ketama", ""), "get", $"proxy:{i}"]).Output, Is.EqualTo($"value {i}\n"));
        }
    }

    private string[] Addresses => [.. _servers.Select(server => server.Address)];

    private IEnumerable<string> Arguments(string distribution, string options) =>
    [
        .. Addresses.SelectMany((address, i) => new[] { "--server", $"{address}:1 {PoolText.ServerName(i)}" }),
        "--distribution", distribution, "--hash-tag", "{}", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
    ];
}
