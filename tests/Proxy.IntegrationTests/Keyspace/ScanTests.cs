using NUnit.Framework;

namespace Proxy.IntegrationTests.Keyspace;

/// <summary>SCAN over three servers.</summary>
public sealed class ScanTests() : TopologyTests(servers: 3)
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 3000).Select(i => $"key:{i}")];

    [Test]
    public void EveryKeyOfEveryServer_IsReturned()
    {
        Fill();

        Assert.That(Scanning.All(Client).Distinct(), Is.EquivalentTo(Keys));
    }

    [TestCase("2")]
    [TestCase("3")]
    public void AnyCount_AnyVersion_ReturnsTheSame(string version)
    {
        Fill();
        Client.Call("HELLO", version);

        foreach (var count in (string[])["5", "1000", "1000000000"])
        {
            Assert.That(Scanning.All(Client, "COUNT", count).Distinct(), Is.EquivalentTo(Keys), $"COUNT {count}");
        }
    }

    [Test]
    public void HugeCount_NeedsFewPages()
    {
        Fill();

        var (next, first) = Scanning.Page(Client, "0", "COUNT", "1000000");
        var (last, second) = Scanning.Page(Client, next, "COUNT", "1000000");

        // Two servers have more keys than are kept for the third's.
        Assert.That((next, first.Length, last, second.Length), Is.EqualTo(("2", 2000, "0", 1000)));
    }

    [Test]
    public void FewKeys_AreOnePage()
    {
        Client.Call("MSET", Key(0), "a", Key(1), "b", Key(2), "c");

        var (last, keys) = Scanning.Page(Client, "0");

        Assert.That((last, keys), Is.EqualTo(("0", (string[])[Key(0), Key(1), Key(2)])));
    }

    [Test]
    public void MatchAndType_AreTheServers()
    {
        Fill();
        Client.Call("RPUSH", Key(1, 999) + "{list}", "x");

        Assert.That(Scanning.All(Client, "MATCH", "key:*99").Distinct(), Is.EquivalentTo(Keys.Where(key => key.EndsWith("99", StringComparison.Ordinal))));
        Assert.That(Scanning.All(Client, "TYPE", "list").Distinct(), Is.EqualTo([Key(1, 999) + "{list}"]));
        Assert.That(Scanning.All(Client, "MATCH", "nothing"), Is.Empty);
    }

    [Test]
    public void EmptyServers_ComeToAnEnd() => Assert.That(Scanning.All(Client), Is.Empty);

    [Test]
    public void SelectedDatabase_IsTheOneThatIsScanned()
    {
        Client.Call("SET", Key(0), "zero");
        Client.Call("SELECT", "5");
        Client.Call("MSET", Key(1), "a", Key(2), "b");

        Assert.That(Scanning.All(Client).Distinct(), Is.EquivalentTo([Key(1), Key(2)]));
    }

    [TestCase("x", "-ERR invalid cursor\r\n")]
    [TestCase("-1", "-ERR invalid cursor\r\n")]
    [TestCase("3", "-ERR invalid cursor\r\n")]
    [TestCase("18446744073709551616", "-ERR invalid cursor\r\n")]
    public void ForeignCursor_IsInvalid(string cursor, string reply) => Assert.That(Client.Call("SCAN", cursor), Is.EqualTo(reply));

    [TestCase("COUNT", "0")]
    [TestCase("COUNT", "x")]
    [TestCase("COUNT")]
    [TestCase("NOSUCH", "x")]
    [TestCase("TYPE", "nosuch")]
    public void WrongOption_IsAnsweredAsByAServer(params string[] options) =>
        Assert.That(Client.Call(["SCAN", "0", .. options]).Split("\r\n")[0], Is.EqualTo(Servers[0].Call(["SCAN", "0", .. options]).Split("\r\n")[0]));

    [Test]
    public void InATransaction_ItIsRefused()
    {
        Client.Call("MULTI");

        Assert.That(Client.Call("SCAN", "0"), Is.EqualTo("-ERR Command not allowed inside a transaction\r\n"));
        Assert.That(Client.Call("EXEC"), Does.StartWith("-EXECABORT"));
    }

    [Test]
    public void TrackingClient_ScansOverItsOwnConnections()
    {
        Fill();
        Client.Call("HELLO", "3");
        Client.Call("CLIENT", "TRACKING", "ON");

        Assert.That(Scanning.All(Client, "COUNT", "100").Distinct(), Is.EquivalentTo(Keys));
    }

    [Test]
    public void WhileOthersWrite_EveryKeyThatStaysIsReturned()
    {
        Fill();
        using var ended = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 50).Select(writer => Task.Factory.StartNew(() => Write(writer, ended.Token), TaskCreationOptions.LongRunning)).ToArray();
        try
        {
            for (var round = 0; round < 4; round++)
            {
                var returned = Scanning.All(Client, "COUNT", $"{100 << (2 * round)}").ToHashSet();

                Assert.That(Keys.Where(key => !returned.Contains(key)), Is.Empty, $"round {round}");
                Assert.That(returned.All(key => key.StartsWith("key:", StringComparison.Ordinal)));
            }
        }
        finally
        {
            ended.Cancel();
            Task.WaitAll(writers);
        }
    }

    private void Fill() => Client.Call(["MSET", .. Keys.SelectMany(key => new[] { key, "v" })]);

    // Keys come and go in their thousands, so that the servers' tables grow and shrink under the scan.
    private void Write(int writer, CancellationToken ended)
    {
        using var client = Topology.Connect();
        var count = 0;
        while (!ended.IsCancellationRequested)
        {
            var from = count++ % 5 * 100;
            var keys = Enumerable.Range(from, 100).Select(i => $"key:{i + (i % 3 * 1000)}:of:{writer}").ToArray();
            Assert.That(client.Call(["MSET", .. keys.SelectMany(key => new[] { key, "v" })]), Is.EqualTo("+OK\r\n"));
            if (count % 5 == 0)
            {
                var all = Enumerable.Range(0, 500).Select(i => $"key:{i + (i % 3 * 1000)}:of:{writer}").ToArray();
                Assert.That(client.Call(["DEL", .. all]), Does.StartWith(":"));
            }
        }
    }
}
