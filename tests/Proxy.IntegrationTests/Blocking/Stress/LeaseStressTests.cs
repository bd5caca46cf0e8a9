using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking.Stress;

/// <summary>
/// Nothing is lost, nothing comes twice, nobody gets what is another's, and nothing is left behind. An element that was popped for a client
/// which died in that moment would be lost in Redis as well; those that vanish here have nothing to pop at the time.
/// </summary>
public sealed class LeaseStressTests
{
    // Per thread and server: what is kept for the next client for ten seconds.
    [TestCase(5, 4, 32)]
    [TestCase(80, 45, 0, Category = "Long")]
    public void ClientsBlockAndVanishWhileServersDie_NothingIsLostOrLeftBehind(int scale, int seconds, int kept)
    {
        using var stress = new LeaseStress(scale, TimeSpan.FromSeconds(seconds));

        stress.Run();

        CheckPopped(stress);
        CheckMoved(stress, 1);
        CheckMoved(stress, 2);
        foreach (var (server, key) in stress.Vanishing.Lists)
        {
            Assert.That(Elements(stress, server, key), Is.EqualTo(new[] { "e" }), "pushed after its client had gone");
        }

        stress.Leave();
        CheckNothingIsLeft(stress, kept * LeaseStress.ProxyThreads);
        Report(stress);
    }

    private static void CheckPopped(LeaseStress stress)
    {
        var log = stress.Logs[0];
        var left = Elements(stress, 0, LeaseStress.Key(0, "queue"));

        Assert.That(log.Perhaps, Is.Empty, "pushes that failed on a server that does not die");
        Assert.That(left.Concat(log.Deliveries.Keys).Order(), Is.EqualTo(log.Pushed.Order()));
    }

    private static void CheckMoved(LeaseStress stress, int server)
    {
        var log = stress.Logs[server];
        var moved = new Dictionary<string, string>();
        using var client = stress.Topology.Servers[server].Connect();
        foreach (var key in Texts(client.Call("KEYS", "*moved:*")))
        {
            foreach (var element in Elements(stress, server, key))
            {
                Assert.That(moved.TryAdd(element, key[(key.IndexOf("moved:", StringComparison.Ordinal) + "moved:".Length)..]), $"{element} was moved twice");
            }
        }

        var left = Elements(stress, server, LeaseStress.Key(server, "queue"));
        var all = left.Concat(moved.Keys).ToList();
        Assert.That(all, Is.Unique);
        Assert.That(log.Pushed.Except(all), Is.Empty, "elements that are lost");
        Assert.That(all.Except(log.Pushed).Except(log.Perhaps), Is.Empty, "elements that nobody pushed");
        Assert.That(log.Deliveries.Where(delivery => moved.GetValueOrDefault(delivery.Key) != delivery.Value), Is.Empty, "delivered to another");
    }

    private static void CheckNothingIsLeft(LeaseStress stress, int kept)
    {
        Eventually.Equal(() => stress.Metric("redis_proxy_blocked_clients"), 0, "blocked clients");
        Eventually.Equal(() => stress.Metric("redis_proxy_client_connections"), 0, "clients");
        for (var i = 0; i < stress.Topology.Servers.Count; i++)
        {
            // Shared ones, those that are kept for the next client for a while, one for questions of the proxy's own, and the one that asks.
            var server = stress.Topology.Servers[i];
            Eventually.True(
                () => server.Call("CLIENT", "LIST", "TYPE", "normal").Split("id=").Length - 1 <= LeaseStress.ProxyThreads + kept + 2,
                "connections of a server",
                TimeSpan.FromSeconds(25));
        }

        Assert.That(stress.Metric("redis_proxy_server_leased_connections"), Is.LessThanOrEqualTo(kept * stress.Topology.Servers.Count));
    }

    private static void Report(LeaseStress stress)
    {
        var popped = stress.Logs.Sum(log => log.Deliveries.Count);
        TestContext.Out.WriteLine($"{popped} elements delivered, {stress.Vanishing.Lists.Count} clients vanished, {stress.Deaths} deaths of a server");
        TestContext.Out.WriteLine($"GET before {Percentiles(stress.Gets.Before)}, during {Percentiles(stress.Gets.During)}");
        Assert.That(popped, Is.GreaterThan(100));
        Assert.That(At(stress.Gets.During, 0.99), Is.LessThan(1000), "milliseconds; others are held up");
    }

    private static string Percentiles(List<double> times) => $"p50 {At(times, 0.5):0.00} ms, p99 {At(times, 0.99):0.00} ms";

    private static double At(List<double> times, double share) => times.Order().ElementAt((int)(share * (times.Count - 1)));

    private static List<string> Elements(LeaseStress stress, int server, string key) =>
        Texts(stress.Topology.Servers[server].Call("LRANGE", key, "0", "-1"));

    // *2 $1 a $1 b: every second line behind the first.
    private static List<string> Texts(string array) => [.. array.Split("\r\n").Skip(2).Where((_, i) => i % 2 == 0)];
}
