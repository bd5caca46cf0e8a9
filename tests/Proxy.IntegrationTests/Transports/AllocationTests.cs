using System.Text;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transports;

/// <summary>Requests that flow cost no managed memory.</summary>
[Category("Transport")]
[NonParallelizable]
public sealed class AllocationTests
{
    private const string Allocated = "redis_proxy_worker_allocated_bytes_total";
    private const int Clients = 4;
    private const int Pipeline = 100;
    private const int WarmUp = 200_000;
    private const int Requests = 400_000;

    private readonly MetricsReader _metrics = new();
    private RedisServer _server = null!;
    private ProxyProcess _proxy = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _server.Call("SET", "key", new string('x', 64));
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address], "timeout: 10000") with { Keys = ["threads: 1", _metrics.Key] });
    }

    [OneTimeTearDown]
    public void End()
    {
        _proxy.Dispose();
        _server.Dispose();
        _metrics.Dispose();
    }

    [TestCase("GET")]
    [TestCase("SET")]
    public void SteadyState_RequestsAllocateNothing(string command)
    {
        string[] arguments = command == "GET" ? [command, "key"] : [command, "key", new string('x', 64)];
        var reply = command == "GET" ? RespFrame.Bulk(new string('x', 64)) : "+OK\r\n";
        using var stop = new CancellationTokenSource();
        var loads = Enumerable.Range(0, Clients).Select(_ => Start(() => Load(arguments, reply, stop.Token))).ToList();
        try
        {
            // Code is compiled and free lists grow until things have run for a while. The load goes on: a pause would empty them again.
            var (_, warm) = After(0, WarmUp);
            var (allocatedBefore, before) = After(warm, 0);
            var (allocated, requests) = After(before, Requests);

            var perRequest = (allocated - allocatedBefore) / (requests - before);
            TestContext.Out.WriteLine($"{allocated - allocatedBefore} bytes with {requests - before} requests");
            Assert.That(perRequest, Is.LessThan(IsSocketTransport ? 10 : 0.1));
        }
        finally
        {
            stop.Cancel();
            Task.WaitAll(loads);
        }
    }

    // The sockets of .NET allocate for themselves, and each of their writes has a promise.
    private bool IsSocketTransport => _metrics.ByLabel("redis_proxy_info").ContainsKey("socket");

    private static Task Start(Action action) => Task.Factory.StartNew(action, TaskCreationOptions.LongRunning);

    /// <summary>What the worker had allocated, and how many requests it had received, when at least so many more had come.</summary>
    private (double Allocated, double Requests) After(double requests, int more)
    {
        Eventually.True(
            () => _metrics.Sum("redis_proxy_client_requests_total") >= requests + more, $"{more} requests are served", TimeSpan.FromMinutes(1));

        // The figure of allocations is of up to a second ago: after this pause it holds all of what those requests cost.
        Eventually.LetTimePass(TimeSpan.FromSeconds(1.2));
        return (_metrics.Sum(Allocated), _metrics.Sum("redis_proxy_client_requests_total"));
    }

    private void Load(string[] arguments, string reply, CancellationToken stop)
    {
        var batch = string.Concat(Enumerable.Repeat(Encoding.Latin1.GetString(RespFrame.Request(arguments)), Pipeline));
        var expected = string.Concat(Enumerable.Repeat(reply, Pipeline));
        using var client = _proxy.Connect();
        while (!stop.IsCancellationRequested)
        {
            client.Send(batch);
            Assert.That(client.ReadReplies(Pipeline), Is.EqualTo(expected));
        }
    }
}
