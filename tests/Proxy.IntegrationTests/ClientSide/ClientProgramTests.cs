using System.Net;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.ClientSide;

/// <summary>The programs in tests/clients: what applications do with a client library and its default settings.</summary>
public sealed class ClientProgramTests
{
    private const string Restart = "restart the servers";

    private static readonly string[] Steps =
    [
        "connect", "pipeline", "transaction", "optimistic lock", "publish and subscribe", "blocking pop", "restart",
    ];

    private List<RedisServer> _servers = null!;

    [SetUp]
    public void StartRedis() => _servers = [.. Enumerable.Range(0, 3).Select(_ => RedisServer.Start())];

    [TearDown]
    public void EndRedis() => _servers.ForEach(server => server.Dispose());

    [TestCase("/usr/bin/python3", "redis_py.py")]
    [TestCase("node", "ioredis.mjs")]
    [TestCase("node", "node_redis.mjs")]
    public void Program_DoesAllItsSteps(string interpreter, string program)
    {
        using var proxy = ProxyProcess.Start(
            new ProxyFile { Pools = [new PoolText { Servers = [.. _servers.Select(server => server.Address)], Keys = ["hash_tag: \"{}\""] }] });
        var port = ((IPEndPoint)proxy.File.Pools[0].EndPoint).Port;
        var path = Path.Combine(ProxyProcess.Repository, "tests", "clients", program);
        using var client = ChildProcess.Start(interpreter, [path, $"{port}"]);

        Eventually.True(() => client.HasExited || client.Output.Contains(Restart, StringComparison.Ordinal), "the program comes to its last step");
        _servers.ForEach(server => server.Restart());

        client.WaitForExit(TimeSpan.FromSeconds(60));
        var steps = client.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line != Restart);
        Assert.That(steps, Is.EqualTo(Steps.Select(step => $"{step}: done")));
        Assert.That(client.ExitCode, Is.Zero);
    }
}
