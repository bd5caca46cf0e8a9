using System.Collections.Concurrent;
using System.Diagnostics;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Clients;

/// <summary>
/// Many clients at once, each writing and reading its own values through pipelines, while others misbehave and a server is killed, paused
/// and started again: no reply is lost, swapped or out of order, no acknowledged write is gone, no increment counts twice.
/// </summary>
[Category("Transport")]
public sealed class ManyClientsTests
{
    private const int ServerCount = 3;

    [TestCase(24, 12)]
    [TestCase(200, 120, Category = "Long")]
    public void ServersDieAndReturn_EveryReplyIsRight(int clients, int seconds)
    {
        var seed = Random.Shared.Next();
        TestContext.Out.WriteLine($"seed {seed}");

        // What a server has acknowledged must be there after its death: with an append-only file, written before each reply, it is.
        string[] options = ["--appendonly", "yes", "--appendfsync", "no"];
        var servers = Enumerable.Range(0, ServerCount).Select(_ => RedisServer.Start(options)).ToList();
        try
        {
            using var proxy = ProxyProcess.Start(RedisTopology.File([.. servers.Select(server => server.Address)], "timeout: 2000"));
            Run(proxy, servers, clients, TimeSpan.FromSeconds(seconds), seed);
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
    }

    private static void Run(ProxyProcess proxy, List<RedisServer> servers, int count, TimeSpan time, int seed)
    {
        var problems = new ConcurrentQueue<string>();
        var connections = Enumerable.Range(0, count).Select(_ => proxy.Connect()).ToList();
        var clients = connections.Select((connection, i) => new VerifyingClient(i, connection, ServerCount, seed + i)).ToList();
        for (var i = 0; i < ServerCount; i++)
        {
            servers[i].Call("SET", RedisTopology.Key(i, 999), new string('x', 50_000));
        }

        var clock = Stopwatch.StartNew();
        bool Goes() => clock.Elapsed < time && problems.IsEmpty;
        var threads = clients.Select(client => Start(() => Repeat(Goes, () => client.Round(), problems))).ToList();
        foreach (var random in Enumerable.Range(0, 4).Select(i => new Random(seed - i)))
        {
            threads.Add(Start(() => Repeat(Goes, () => Misbehave(proxy, random), problems)));
        }

        threads.Add(Start(() => Repeat(Goes, () => DisturbOne(servers, new Random(seed + (int)clock.ElapsedMilliseconds)), problems)));
        threads.ForEach(thread => thread.Join());

        WaitUntilServed(proxy);
        clients.Select(client => client.FinalCheck()).OfType<string>().ToList().ForEach(problems.Enqueue);
        TestContext.Out.WriteLine($"{clients.Sum(client => client.Replies)} replies, {clients.Sum(client => client.Errors)} errors");
        connections.ForEach(connection => connection.Dispose());
        Assert.That(problems, Is.Empty);
        Assert.That(clients.Sum(client => client.Replies - client.Errors), Is.GreaterThan(1000 * time.TotalSeconds));
        Eventually.True(() => proxy.Process.FileDescriptors < 300, "the proxy has closed the sockets of its clients");
    }

    private static Thread Start(Action action)
    {
        var thread = new Thread(() => action()) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static void Repeat(Func<bool> goes, Func<string?> round, ConcurrentQueue<string> problems)
    {
        try
        {
            while (goes())
            {
                if (round() is { } problem)
                {
                    problems.Enqueue(problem);
                }
            }
        }
        catch (Exception problem)
        {
            problems.Enqueue(problem.ToString());
        }
    }

    private static string? Misbehave(ProxyProcess proxy, Random random)
    {
        MisbehavingClients.One(proxy, random);
        return null;
    }

    /// <summary>One server's trouble. All times are drawn, and are the trouble itself: how long all is well, how long it hangs, how long it is away.</summary>
    private static string? DisturbOne(List<RedisServer> servers, Random random)
    {
        var server = servers[random.Next(servers.Count)];
        Eventually.LetTimePass(TimeSpan.FromMilliseconds(random.Next(200, 1200)));
        if (random.Next(3) == 0)
        {
            server.Pause();
            Eventually.LetTimePass(TimeSpan.FromMilliseconds(random.Next(100, 3000)));
            server.Resume();
        }
        else
        {
            server.Kill();
            Eventually.LetTimePass(TimeSpan.FromMilliseconds(random.Next(500)));
            server.Restart();
        }

        return null;
    }

    private static void WaitUntilServed(ProxyProcess proxy) =>
        Eventually.True(
            () =>
            {
                // Every worker has connections of its own, and clients go to the worker that has the fewest.
                var clients = Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(_ => proxy.Connect()).ToList();
                var served = clients.All(client => Enumerable.Range(0, ServerCount).All(i => client.Call("GET", RedisTopology.Key(i))[0] == '$'));
                clients.ForEach(client => client.Dispose());
                return served;
            },
            "all servers are used again");
}
