using System.Diagnostics;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Tracking;

/// <summary>What tracking is for: what clients keep is never out of date, whatever happens to connections.</summary>
public sealed class CacheTests() : TopologyTests(servers: 3)
{
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(3);

    [TestCase("", false)]
    [TestCase("", true)]
    [TestCase("BCAST", false)]
    [TestCase("BCAST", true)]
    public void CachesWhileOthersWrite_AreRightInTheEnd(string mode, bool connectionsAreLost)
    {
        var keys = Enumerable.Range(0, 3).SelectMany(server => Enumerable.Range(0, 15).Select(i => Key(server, i))).ToArray();
        var clients = Enumerable.Range(0, 6).Select(seed => new CachingClient(Topology.Connect(), mode, seed, keys)).ToList();
        try
        {
            var clock = Stopwatch.StartNew();
            var writing = Task.Run(() => Write(keys, clock));
            var losing = Task.Run(() => LoseConnections(connectionsAreLost, clock));
            Parallel.ForEach(clients, new ParallelOptions { MaxDegreeOfParallelism = clients.Count }, client =>
            {
                while (!writing.IsCompleted || !losing.IsCompleted)
                {
                    client.Read();
                }
            });
            Task.WaitAll(writing, losing);

            foreach (var client in clients)
            {
                // An invalidation that is still under way is no fault.
                Eventually.True(
                    () =>
                    {
                        client.TakeInvalidations();
                        return client.Cached.All(cached => Client.Call("GET", cached.Key) == AsInVersion2(cached.Value));
                    },
                    "every value that is kept is right");
            }

            Assert.That(clients.Sum(client => client.Cached.Count), Is.GreaterThan(0), "kept");
            Assert.That(clients.Sum(client => client.Invalidated), Is.GreaterThan(100), "told");
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static string AsInVersion2(string reply) => reply == "_\r\n" ? "$-1\r\n" : reply;

    private void Write(string[] keys, Stopwatch clock)
    {
        var random = new Random(99);
        while (clock.Elapsed < Load)
        {
            Client.Call("SET", keys[random.Next(keys.Length)], $"{random.Next()}");
        }
    }

    // Not to the end: the caches are to have something again.
    private void LoseConnections(bool areLost, Stopwatch clock)
    {
        for (var i = 0; areLost && clock.Elapsed < Load * 0.7; i++)
        {
            Servers[i % 3].Call("CLIENT", "KILL", "TYPE", "normal");
            Eventually.LetTimePass(TimeSpan.FromMilliseconds(100));
        }
    }
}
