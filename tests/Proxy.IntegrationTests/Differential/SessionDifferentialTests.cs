using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Differential;

/// <summary>
/// Clients that depend on each other do the same through the proxy and with a plain Redis: messages, wake-ups of blocking commands and races
/// for watched keys. Each of them gets the same replies and pushes in the same order.
/// </summary>
public sealed class SessionDifferentialTests
{
    private const int Clients = 6;

    [TestCase(1, "threads: 1")]
    [TestCase(1, "threads: 2")]
    [TestCase(3, "threads: 2")]
    public void RandomSteps_AreAnsweredAndHeardAsWithPlainRedis(int servers, string processKey) => Compare(servers, processKey, steps: 400);

    [Category("Long")]
    [TestCase(1)]
    [TestCase(3)]
    public void ManyRandomSteps_AreAnsweredAndHeardAsWithPlainRedis(int servers)
    {
        for (var round = 0; round < 10; round++)
        {
            Compare(servers, "threads: 2", steps: 2000);
        }
    }

    private static void Compare(int servers, string processKey, int steps)
    {
        var seed = Random.Shared.Next();
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var script = new SessionSteps(random);
        using var plain = RedisServer.Start();
        var behind = Enumerable.Range(0, servers).Select(_ => RedisServer.Start()).ToList();
        try
        {
            var pool = new PoolText { Servers = [.. behind.Select(server => server.Address)], Keys = ["hash_tag: \"{}\""] };
            using var proxy = ProxyProcess.Start(new ProxyFile { Pools = [pool], Keys = [processKey] });
            using var sides = new SideBySide(plain, proxy, behind, Clients);
            for (var step = 0; step < steps; step++)
            {
                int client;
                do
                {
                    client = random.Next(Clients);
                }
                while (sides.IsBlocked(client));

                // The first half subscribes, the second blocks, all but one of them at once.
                var subscribes = client < Clients / 2;
                sides.Step(client, script.Next(subscribes, sides.IsInTransaction(client), mayBlock: sides.Blocked < (Clients / 2) - 1));
            }

            sides.ExpectNothingMore();
        }
        finally
        {
            behind.ForEach(server => server.Dispose());
        }
    }
}
