using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests;

/// <summary>
/// A fixture whose tests share some Redis servers and a proxy before them. Every test begins with empty servers and a new client.
/// </summary>
public abstract class TopologyTests(int servers, params string[] poolKeys)
{
    protected RedisTopology Topology { get; private set; } = null!;

    protected RespClient Client { get; private set; } = null!;

    protected IReadOnlyList<RedisServer> Servers => Topology.Servers;

    [OneTimeSetUp]
    public void StartTopology() => Topology = RedisTopology.Start(servers, poolKeys);

    [OneTimeTearDown]
    public void EndTopology() => Topology?.Dispose();

    [SetUp]
    public void EmptyServersAndConnect()
    {
        Topology.Flush();
        Client = Topology.Connect();
    }

    [TearDown]
    public void CloseClient() => Client.Dispose();

    protected static string Key(int server, int number = 0) => RedisTopology.Key(server, number);
}
