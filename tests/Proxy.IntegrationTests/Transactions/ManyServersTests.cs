using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transactions;

/// <summary>Several servers: a transaction runs on the one that has its keys, or not at all.</summary>
public sealed class ManyServersTests() : TopologyTests(servers: 3, "max_request_size: 1mb")
{
    private const string CrossSlot = "-CROSSSLOT Keys in request don't hash to the same slot\r\n";
    private const string Aborted = "-EXECABORT Transaction discarded because of previous errors.\r\n";

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void KeysOfOneServer_RunThere(int server)
    {
        Client.Call("MULTI");
        Client.Call("MSET", Key(server, 1), "1", Key(server, 2), "2");
        Client.Call("MGET", Key(server, 2), Key(server, 1));

        Assert.That(Client.Call("EXEC"), Is.EqualTo("*2\r\n+OK\r\n" + RespFrame.Array("2", "1")));
        Assert.That(Servers[server].Call("EXISTS", Key(server, 1), Key(server, 2)), Is.EqualTo(":2\r\n"));
    }

    [Test]
    public void KeysOfSeveralServers_AreRefusedAndNothingRuns()
    {
        Client.Call("MULTI");
        Assert.That(Client.Call("SET", Key(0), "v"), Is.EqualTo("+QUEUED\r\n"));
        Assert.That(Client.Call("SET", Key(1), "v"), Is.EqualTo(CrossSlot));
        Assert.That(Client.Call("EXEC"), Is.EqualTo(Aborted));
        Assert.That(Client.Call("EXISTS", Key(0), Key(1)), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void OneCommandWithKeysOfSeveralServers_IsRefusedAlthoughItCouldBeSplit()
    {
        Client.Call("MULTI");
        Assert.That(Client.Call("MGET", Key(0), Key(1)), Is.EqualTo(CrossSlot));
        Assert.That(Client.Call("EXEC"), Is.EqualTo(Aborted));
    }

    [Test]
    public void CommandForAllServers_IsNotAllowed()
    {
        Client.Call("MULTI");
        Assert.That(Client.Call("SWAPDB", "0", "1"), Is.EqualTo("-ERR Command not allowed inside a transaction\r\n"));
        Assert.That(Client.Call("EXEC"), Is.EqualTo(Aborted));
    }

    [Test]
    public void SortWhoseKeysMayBeElsewhere_IsRefused()
    {
        Client.Call("MULTI");
        Assert.That(Client.Call("SORT", Key(0), "BY", "w_*"), Does.StartWith("-ERR BY option of SORT denied"));
        Assert.That(Client.Call("EXEC"), Is.EqualTo(Aborted));
    }

    [Test]
    public void DebugOfOneServer_RunsAtTheTransactions()
    {
        Client.Call("MULTI");
        Client.Call("SET", Key(2), "v");
        Assert.That(Client.Call("DEBUG", "RELOAD"), Is.EqualTo("-ERR Command not allowed inside a transaction\r\n"));
        Client.Call("DISCARD");
        Client.Call("MULTI");
        Client.Call("SET", Key(2), "v");
        Client.Call("DEBUG", "SLEEP", "0");

        Assert.That(Client.Call("EXEC"), Is.EqualTo("*2\r\n+OK\r\n+OK\r\n"));
        Assert.That(Servers.Select(server => server.CallsOf("debug")), Is.EqualTo(new[] { 0, 0, 1 }));
    }

    [Test]
    public void UnsupportedCommand_IsRefusedAndNothingRuns()
    {
        Client.Call("MULTI");
        Client.Call("SET", Key(0), "v");
        Assert.That(Client.Call("REPLICAOF", "NO", "ONE"), Does.StartWith("-ERR command 'replicaof' is not supported"));
        Assert.That(Client.Call("EXEC"), Is.EqualTo(Aborted));
        Assert.That(Client.Call("EXISTS", Key(0)), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void TransactionLargerThanARequestMayBe_IsRefused()
    {
        Client.Call("MULTI");
        Client.Call("SET", Key(0, 1), new string('x', 600_000));
        Assert.That(Client.Call("SET", Key(0, 2), new string('x', 600_000)), Is.EqualTo("-ERR transaction is larger than max_request_size (pool main)\r\n"));
        Assert.That(Client.Call("EXEC"), Is.EqualTo(Aborted));
    }

    [Test]
    public void TransactionsOfSeveralServersInAPipeline_AreAnsweredInOrder()
    {
        var requests = Enumerable.Range(0, 60).SelectMany(i => new[]
        {
            RespFrame.Request("GET", Key((i + 1) % 3)), RespFrame.Request("MULTI"), RespFrame.Request("INCR", Key(i % 3)),
            RespFrame.Request("INCR", Key(i % 3)), RespFrame.Request("EXEC"), RespFrame.Request("GET", Key(i % 3)),
        });
        Client.Call("MSET", Key(0), "0", Key(1), "0", Key(2), "0");

        Client.Send([.. requests.SelectMany(request => request)]);

        for (var i = 0; i < 60; i++)
        {
            var before = 2 * (i / 3);
            var other = 2 * ((i / 3) + (i % 3 == 2 ? 1 : 0));
            Assert.That(
                Client.ReadReplies(6),
                Is.EqualTo($"{Bulk(other)}+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:{before + 1}\r\n:{before + 2}\r\n{Bulk(before + 2)}"));
        }
    }

    [Test]
    public void ServerThatIsDown_FailsTheTransactionAtItsEnd()
    {
        using var topology = RedisTopology.Start(2);
        using var client = topology.Connect();
        topology.Servers[1].Kill();
        client.Call("MULTI");
        Assert.That(client.Call("SET", Key(1), "v"), Is.EqualTo("+QUEUED\r\n"));
        Assert.That(client.Call("EXEC"), Does.Match("^-ERR Connection .* \\(pool main, server shard1\\)\r\n$"));
        Assert.That(client.Call("EXEC"), Is.EqualTo("-ERR EXEC without MULTI\r\n"));
        Assert.That(client.Call("SET", Key(0), "v"), Is.EqualTo("+OK\r\n"));
    }

    private static string Bulk(int number) => $"${number.ToString().Length}\r\n{number}\r\n";
}
