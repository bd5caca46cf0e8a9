using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transports;

/// <summary>What clients cost while they do nothing.</summary>
[Category("Transport")]
[NonParallelizable]
public sealed class MemoryTests
{
    private RedisServer _server = null!;
    private ProxyProcess _proxy = null!;

    [SetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]));
    }

    [TearDown]
    public void End()
    {
        _proxy.Dispose();
        _server.Dispose();
    }

    [Test]
    public void IdleClients_HoldNoBuffers()
    {
        const int Clients = 5000;
        var clients = new List<RespClient>();
        try
        {
            // The first ones bring code and free lists that the others share.
            Connect(clients, 500);
            var before = _proxy.Process.ResidentBytes;
            Connect(clients, Clients);

            var perClient = (_proxy.Process.ResidentBytes - before) / Clients;
            TestContext.Out.WriteLine($"{perClient} bytes for each idle client");
            Assert.That(perClient, Is.LessThan(6 * 1024));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private void Connect(List<RespClient> clients, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var client = _proxy.Connect();
            clients.Add(client);
            Assert.That(client.Call("GET", "small"), Is.EqualTo("$-1\r\n"));
        }
    }
}
