using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transports;

/// <summary>What clients cost while they do nothing, and what a burst leaves behind.</summary>
[Category("Transport")]
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
        const int Clients = 10_000;
        var clients = new List<RespClient>();
        try
        {
            // The first ones bring code and free lists that the others share.
            Connect(clients, 500);
            var before = _proxy.Process.ResidentBytes;
            Connect(clients, Clients);

            var perClient = (_proxy.Process.ResidentBytes - before) / Clients;
            TestContext.Out.WriteLine($"{perClient} bytes for each idle client");

            // Measured: 2.9 KB with io_uring and epoll, 4.0 KB with DotNetty's sockets, whose operations are objects of their own.
            Assert.That(perClient, Is.LessThan((ProxyProcess.Transport == "socket" ? 5 : 4) * 1024));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Test]
    public void AfterABurst_MemoryIsGivenBack()
    {
        const long Megabyte = 1 << 20;
        const int Clients = 40;
        _server.Call("SET", "large", new string('x', 1_000_000));
        var clients = Enumerable.Range(0, Clients).Select(_ => RespClient.Connect(_proxy.File.Pools[0].EndPoint, receiveBuffer: 4096)).ToList();
        try
        {
            // Nobody reads at first: what the server sends has to lie somewhere.
            clients.ForEach(client => client.Call("PING"));
            var before = _proxy.Process.ResidentBytes;
            clients.ForEach(client => Enumerable.Range(0, 5).ToList().ForEach(_ => client.SendCommand("GET", "large")));
            Eventually.True(() => _proxy.Process.ResidentBytes - before > 64 * Megabyte, "the replies pile up in the proxy");
            var piled = _proxy.Process.ResidentBytes - before;
            Parallel.ForEach(clients, client => client.ReadReplies(5));

            // Measured: less than 8 MB after 4 s with epoll and after 27 s with io_uring, whose ring of buffers first has to be quiet for long.
            var clock = System.Diagnostics.Stopwatch.StartNew();
            Eventually.True(
                () => _proxy.Process.ResidentBytes - before < 16 * Megabyte,
                $"the {piled / Megabyte} MB of the burst are given back",
                TimeSpan.FromSeconds(90));
            TestContext.Out.WriteLine($"{piled / Megabyte} MB, after {clock.Elapsed.TotalSeconds:F0} s {(_proxy.Process.ResidentBytes - before) / Megabyte} MB");
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
