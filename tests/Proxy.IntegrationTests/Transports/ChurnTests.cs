using System.Collections.Concurrent;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transports;

/// <summary>Clients that come and go by thousands, in every way to go, leave nothing behind.</summary>
[Category("Transport")]
public sealed class ChurnTests
{
    private const int Clients = 4000;
    private const int AtOnce = 8;

    private readonly MetricsReader _metrics = new();
    private RedisServer _server = null!;
    private ProxyProcess _proxy = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _server.Call("SET", "large", new string('x', 300_000));
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]) with { Keys = ["threads: 2", _metrics.Key] });
    }

    [OneTimeTearDown]
    public void End()
    {
        _proxy.Dispose();
        _server.Dispose();
        _metrics.Dispose();
    }

    [Test]
    public void ThousandsOfClients_LeaveNoDescriptor()
    {
        // Once around before counting, so that both workers have their connections to the server.
        ComeAndGo(AtOnce * 6);
        WaitUntilAllAreGone();
        var before = _proxy.Process.FileDescriptors;

        ComeAndGo(Clients);

        WaitUntilAllAreGone();
        Eventually.True(() => _proxy.Process.FileDescriptors <= before, $"no more than the {before} descriptors from before are open");
        Assert.That(_metrics.Sum("redis_proxy_client_connections_accepted_total"), Is.GreaterThanOrEqualTo(Clients));
        Assert.That(_proxy.Call("STRLEN", "large"), Is.EqualTo(":300000\r\n"));
    }

    private void ComeAndGo(int clients)
    {
        var problems = new ConcurrentQueue<Exception>();
        Parallel.For(0, clients, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, i =>
        {
            try
            {
                One(i);
            }
            catch (Exception problem)
            {
                problems.Enqueue(problem);
            }
        });
        Assert.That(problems, Is.Empty);
    }

    private void One(int number)
    {
        using var client = _proxy.Connect();
        switch (number % 6)
        {
            case 0:
                break;
            case 1:
                Assert.That(client.Call("PING"), Is.EqualTo("+PONG\r\n"));
                break;
            case 2:
                client.SendCommand("GET", "small");
                client.HalfClose();
                Assert.That(client.ReadToEnd(), Is.EqualTo("$-1\r\n"));
                break;
            case 3:
                // With a reply on its way that nobody takes.
                client.SendCommand("GET", "large");
                client.Abort();
                break;
            case 4:
                client.Send("*2\r\n$3\r\nGET\r\n$5\r\nsm");
                client.Abort();
                break;
            default:
                client.SendCommand("QUIT");
                Assert.That(client.ReadToEnd(), Is.EqualTo("+OK\r\n"));
                break;
        }
    }

    private void WaitUntilAllAreGone() => Eventually.Equal(() => _metrics.Sum("redis_proxy_client_connections"), 0, "all clients are gone");
}
