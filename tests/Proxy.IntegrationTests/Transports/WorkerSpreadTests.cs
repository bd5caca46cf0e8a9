using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transports;

/// <summary>A new client goes to the worker that has the fewest.</summary>
[Category("Transport")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WorkerSpreadTests : IDisposable
{
    private const int Workers = 4;
    private const int Clients = 40;

    private readonly MetricsReader _metrics = new();
    private readonly RedisServer _server = RedisServer.Start();
    private readonly ProxyProcess _proxy;
    private readonly List<(RespClient Client, string Worker)> _clients = [];

    public WorkerSpreadTests() =>
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]) with { Keys = [$"threads: {Workers}", _metrics.Key] });

    public void Dispose()
    {
        _clients.ForEach(entry => entry.Client.Dispose());
        _proxy.Dispose();
        _server.Dispose();
        _metrics.Dispose();
    }

    [Test]
    public void ClientsComeOneByOne_EveryWorkerHasItsShare()
    {
        ConnectOneByOne(Clients);

        Assert.That(ByWorker().Values, Is.EqualTo(Enumerable.Repeat(Clients / Workers, Workers)));
    }

    [Test]
    public void ClientsComeAllAtOnce_EveryWorkerHasItsShare()
    {
        var clients = new RespClient[Clients];
        Parallel.For(0, Clients, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => clients[i] = _proxy.Connect());
        foreach (var client in clients)
        {
            _clients.Add((client, ""));
            Assert.That(client.Call("PING"), Is.EqualTo("+PONG\r\n"));
        }

        Assert.That(ByWorker().Values, Is.EqualTo(Enumerable.Repeat(Clients / Workers, Workers)));
    }

    [TestCase("0")]
    [TestCase("2")]
    public void ClientsOfOneWorkerLeave_NewOnesTakeTheirPlace(string worker)
    {
        ConnectOneByOne(Clients);
        _clients.Where(entry => entry.Worker == worker).ToList().ForEach(entry => entry.Client.Dispose());
        Eventually.Equal(() => ByWorker()[worker], 0, "the worker's clients are gone");

        ConnectOneByOne(Clients / Workers);

        Assert.That(_clients[Clients..].Select(entry => entry.Worker), Is.All.EqualTo(worker));
    }

    private void ConnectOneByOne(int count)
    {
        var before = ByWorker();
        for (var i = 0; i < count; i++)
        {
            var client = _proxy.Connect();
            Assert.That(client.Call("PING"), Is.EqualTo("+PONG\r\n"));
            var after = ByWorker();
            _clients.Add((client, after.Single(worker => worker.Value > before[worker.Key]).Key));
            before = after;
        }
    }

    private SortedDictionary<string, double> ByWorker() => new(_metrics.ByLabel("redis_proxy_worker_client_connections").ToDictionary());
}
