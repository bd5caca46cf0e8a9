using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Operation;

/// <summary>SIGTERM: stop accepting, answer what is in flight, close, exit 0.</summary>
public sealed class ShutdownTests
{
    [Test]
    public void Idle_ExitsWithZeroAtOnce()
    {
        using var server = RedisServer.Start();
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address]));
        using var idle = proxy.Connect();
        Assert.That(idle.Call("SET", "a", "1"), Is.EqualTo("+OK\r\n"));

        proxy.Terminate();

        Assert.That(proxy.WaitForExit(TimeSpan.FromSeconds(10)), Is.Zero);
        Assert.That(idle.ReadToEnd(), Is.Empty);
    }

    [Test]
    public void RequestInFlight_IsAnsweredBeforeTheExit()
    {
        using var gate = new ManualResetEventSlim();
        using var server = ScriptedServer.Answering(request =>
        {
            gate.Wait();
            return $"+late {request[^1]}\r\n";
        });
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address]));
        using var client = proxy.Connect();
        client.Send([.. RespFrame.Request("GET", "a"), .. RespFrame.Request("GET", "b")]);
        Eventually.True(() => server.Requests.Count > 0, "a request is in flight");

        proxy.Terminate();
        Eventually.True(() => RefusesNewClients(proxy), "no new client is accepted");
        gate.Set();

        Assert.That(client.ReadToEnd(), Is.EqualTo("+late a\r\n+late b\r\n"));
        Assert.That(proxy.WaitForExit(), Is.Zero);
    }

    [Test]
    public void ServerThatNeverAnswers_DrainTimeoutEndsTheWait()
    {
        using var server = ScriptedServer.Start(connection => connection.Stall());
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address]) with { Keys = ["drain_timeout: 500ms"] });
        using var client = proxy.Connect();
        client.SendCommand("GET", "a");
        Eventually.True(() => server.Requests.Count > 0, "a request is in flight");
        var clock = Stopwatch.StartNew();

        proxy.Terminate();

        Assert.That(proxy.WaitForExit(TimeSpan.FromSeconds(10)), Is.Zero);
        Assert.That(clock.Elapsed, Is.GreaterThan(TimeSpan.FromMilliseconds(400)));
    }

    [Test]
    public void UnderLoad_NoReplyIsLostOrBroken()
    {
        using var topology = RedisTopology.Start(servers: 3);
        var problems = new ConcurrentQueue<string>();
        var answered = 0;
        var clients = Enumerable.Range(0, 20)
            .Select(number => new Thread(() => Load(topology.Proxy, number, ref answered, problems)))
            .ToList();
        clients.ForEach(client => client.Start());
        Eventually.True(() => Volatile.Read(ref answered) > 5000, "the load runs");

        topology.Proxy.Terminate();

        Assert.That(topology.Proxy.WaitForExit(TimeSpan.FromSeconds(20)), Is.Zero);
        clients.ForEach(client => client.Join());
        Assert.That(problems, Is.Empty);
    }

    /// <summary>Pipelines until the proxy closes the connection; every reply until then must be the right one and whole.</summary>
    private static void Load(ProxyProcess proxy, int number, ref int answered, ConcurrentQueue<string> problems)
    {
        using var client = proxy.Connect();
        for (var round = 0; ; round++)
        {
            var expected = string.Concat(Enumerable.Range(0, 10).Select(i => $"+OK\r\n{RespFrame.Bulk($"{number} {round} {i}")}"));
            var requests = Enumerable.Range(0, 10).SelectMany(i =>
            {
                var key = RedisTopology.Key(i % 3, number);
                return RespFrame.Request("SET", key, $"{number} {round} {i}").Concat(RespFrame.Request("GET", key));
            });
            if (!client.TrySend([.. requests]))
            {
                return;
            }

            var seen = "";
            try
            {
                for (var i = 0; i < 20; i++)
                {
                    seen += client.ReadReply();
                    Interlocked.Increment(ref answered);
                }
            }
            catch (EndOfStreamException end)
            {
                if (!expected.StartsWith(seen, StringComparison.Ordinal) || !end.Message.EndsWith("unread: ''", StringComparison.Ordinal))
                {
                    problems.Enqueue($"client {number} round {round}: {seen} then {end.Message}");
                }

                return;
            }

            if (seen != expected)
            {
                problems.Enqueue($"client {number} round {round}: {seen}");
                return;
            }
        }
    }

    private static bool RefusesNewClients(ProxyProcess proxy)
    {
        try
        {
            using var client = proxy.Connect();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
