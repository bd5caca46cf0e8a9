using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Proxy.IntegrationTests.Commands;

/// <summary>
/// What would take away a connection that others share, or a server, never reaches one.
/// </summary>
public sealed class RefusedCommandTests() : TopologyTests(servers: 2)
{
    [TestCase("SYNC")]
    [TestCase("PSYNC ? -1")]
    [TestCase("REPLCONF listening-port 1")]
    [TestCase("REPLICAOF NO ONE")]
    [TestCase("SLAVEOF NO ONE")]
    [TestCase("FAILOVER")]
    [TestCase("DEBUG SEGFAULT")]
    [TestCase("DEBUG crash-and-recover")]
    [TestCase("SHUTDOWN NOSAVE")]
    [TestCase("MIGRATE 127.0.0.1 1 a 0 100")]
    public void Refused_NeverReachesAServer(string command)
    {
        var words = command.Split(' ');
        var name = words[0].ToLowerInvariant();
        var before = CallsAnywhere(name, words);

        Client.SendCommand(words);
        Client.SendCommand("PING");

        Assert.That(
            Client.ReadReply(),
            Does.Match($"^-ERR command '{Regex.Escape(name)}(\\|[a-z-]+)?' is not supported by this proxy\r\n$"));
        Assert.That(Client.ReadReply(), Is.EqualTo("+PONG\r\n"));
        Assert.That(CallsAnywhere(name, words), Is.EqualTo(before));
    }

    [TestCase("EXEC")]
    [TestCase("DISCARD")]
    public void EndOfATransactionThatNeverBegan_IsAnError(string command)
    {
        Assert.That(Client.Call(command), Does.StartWith("-ERR "));
        Assert.That(Servers.Select(server => server.CallsOf(command.ToLowerInvariant())), Is.All.Zero);
    }

    [Test]
    public void AfterRefusals_OthersOnTheSharedConnectionsAreServed()
    {
        using var other = Topology.Connect();
        foreach (var command in new[] { "MULTI", "SYNC", "CLIENT UNBLOCK 1", "QUIT" })
        {
            Client.SendCommand(command.Split(' '));
        }

        Assert.That(other.Call("SET", Key(0), "v"), Is.EqualTo("+OK\r\n"));
        Assert.That(other.Call("GET", Key(0)), Is.EqualTo("$1\r\nv\r\n"));
    }

    private long CallsAnywhere(string name, string[] words) =>
        Servers.Sum(server => server.CallsOf(name) + (words.Length > 1 ? server.CallsOf($"{name}|{words[1].ToLowerInvariant()}") : 0));
}
