using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transactions;

/// <summary>Optimistic locks: a transaction runs only if nobody changed the keys that its client watches.</summary>
[TestFixture("2")]
[TestFixture("3")]
public sealed class WatchTests(string version) : TopologyTests(servers: 2)
{
    private string Null => version == "3" ? "_\r\n" : "*-1\r\n";

    [SetUp]
    public void ChooseVersion() => Client.Call("HELLO", version);

    [TearDown]
    public void NoConnectionIsLeftWatching()
    {
        Client.Dispose();
        foreach (var server in Servers)
        {
            Eventually.True(() => !server.Call("CLIENT", "LIST").Contains("cmd=watch", StringComparison.Ordinal), "given back");
        }
    }

    [TestCase("GET a", true)]
    [TestCase("SET b 1", true)]
    [TestCase("SET a 1", false)]
    [TestCase("FLUSHALL", false)]
    [TestCase("SWAPDB 0 1", false)]
    [TestCase("DEL a", false)]
    public void OthersRequestBetweenWatchAndExec_DecidesWhetherItRuns(string request, bool runs)
    {
        Client.Call("SET", Key(0), "0");
        Assert.That(Client.Call("WATCH", Key(0)), Is.EqualTo("+OK\r\n"));

        Servers[0].Call(request.Replace(" a", $" {Key(0)}", StringComparison.Ordinal).Split(' '));

        Client.Call("MULTI");
        Client.Call("SET", Key(0), "mine");
        Assert.That(Client.Call("EXEC"), Is.EqualTo(runs ? "*1\r\n+OK\r\n" : Null));
        Assert.That(Client.Call("GET", Key(0)) == "$4\r\nmine\r\n", Is.EqualTo(runs));
    }

    [Test]
    public void OwnRequestBetweenWatchAndMulti_CountsAsAChange()
    {
        Client.Send([
            .. RespFrame.Request("WATCH", Key(0)), .. RespFrame.Request("SET", Key(0), "1"), .. RespFrame.Request("MULTI"), .. RespFrame.Request("GET", Key(0)),
            .. RespFrame.Request("EXEC"), .. RespFrame.Request("MULTI"), .. RespFrame.Request("GET", Key(0)), .. RespFrame.Request("EXEC"),
        ]);

        Assert.That(Client.ReadReplies(8), Is.EqualTo($"+OK\r\n+OK\r\n+OK\r\n+QUEUED\r\n{Null}+OK\r\n+QUEUED\r\n*1\r\n$1\r\n1\r\n"));
    }

    [TestCase("UNWATCH")]
    [TestCase("MULTI|DISCARD")]
    [TestCase("MULTI|EXEC x")]
    [TestCase("MULTI|NOSUCH|EXEC")]
    [TestCase("MULTI|GET a|EXEC")]
    public void EndOfAWatch_ForgetsWhatChangesLater(string end)
    {
        Client.Call("WATCH", Key(0));
        foreach (var request in end.Split('|'))
        {
            Client.Call(request.Replace(" a", $" {Key(0)}", StringComparison.Ordinal).Split(' '));
        }

        Servers[0].Call("SET", Key(0), "changed");

        Client.Call("MULTI");
        Client.Call("SET", Key(0), "mine");
        Assert.That(Client.Call("EXEC"), Is.EqualTo("*1\r\n+OK\r\n"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void TransactionWithoutCommandsForTheServer_DependsOnTheWatchAllTheSame(bool isChanged)
    {
        Client.Call("WATCH", Key(1));
        if (isChanged)
        {
            Servers[1].Call("SET", Key(1), "changed");
        }

        Client.Call("MULTI");
        Assert.That(Client.Call("EXEC"), Is.EqualTo(isChanged ? Null : "*0\r\n"));

        Client.Call("WATCH", Key(1));
        if (isChanged)
        {
            Servers[1].Call("SET", Key(1), "again");
        }

        Client.Call("MULTI");
        Client.Call("PING");
        Assert.That(Client.Call("EXEC"), Is.EqualTo(isChanged ? Null : "*1\r\n+PONG\r\n"));
    }

    [Test]
    public void KeysOfSeveralServers_AreRefused()
    {
        const string crossSlot = "-CROSSSLOT Keys in request don't hash to the same slot\r\n";
        Assert.That(Client.Call("WATCH", Key(0), Key(1)), Is.EqualTo(crossSlot));
        Assert.That(Client.Call("WATCH", Key(0)), Is.EqualTo("+OK\r\n"));
        Assert.That(Client.Call("WATCH", Key(1)), Is.EqualTo(crossSlot));
        Assert.That(Client.Call("WATCH", Key(0, 1)), Is.EqualTo("+OK\r\n"));
        Client.Call("MULTI");
        Assert.That(Client.Call("SET", Key(1), "v"), Is.EqualTo(crossSlot));
        Assert.That(Client.Call("EXEC"), Does.StartWith("-EXECABORT"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void DatabaseAndVersionChangedInBetween_WatchKeepsItsOwn(bool isChanged)
    {
        Client.Call("WATCH", Key(0));
        Client.Call("SELECT", "1");
        Client.Call("HELLO", version == "2" ? "3" : "2");
        Servers[0].Call("SET", isChanged ? Key(0) : Key(0, 1), "x");

        Client.Call("MULTI");
        Client.Call("HSET", Key(0), "f", "v");
        Client.Call("HGETALL", Key(0));

        var other = version == "2";
        Assert.That(
            Client.Call("EXEC"),
            Is.EqualTo(isChanged ? (other ? "_\r\n" : "*-1\r\n") : $"*2\r\n:1\r\n{(other ? "%1" : "*2")}\r\n$1\r\nf\r\n$1\r\nv\r\n"));
        Client.Call("SELECT", "0");
        Assert.That(Client.Call("EXISTS", Key(0)), Is.EqualTo(isChanged ? ":1\r\n" : ":0\r\n"));
    }

    [Test]
    public void SelectInAWatchedTransaction_LeadsTheClientOn()
    {
        Client.Call("WATCH", Key(0));
        Client.Send([
            .. RespFrame.Request("MULTI"), .. RespFrame.Request("SELECT", "3"), .. RespFrame.Request("SET", Key(0), "3"), .. RespFrame.Request("EXEC"),
            .. RespFrame.Request("GET", Key(0)), .. RespFrame.Request("SELECT", "0"), .. RespFrame.Request("EXISTS", Key(0)),
        ]);

        Assert.That(Client.ReadReplies(7), Is.EqualTo("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n+OK\r\n$1\r\n3\r\n+OK\r\n:0\r\n"));
    }

    [Test]
    public void WatchThatTheServerLost_RunsNothing()
    {
        Client.Call("WATCH", Key(0));
        Servers[0].Call("CLIENT", "KILL", "TYPE", "normal");
        Eventually.True(() => Client.Call("GET", Key(0)) == (version == "3" ? "_\r\n" : "$-1\r\n"), "the shared connection is there again");

        Client.Call("MULTI");
        Client.Call("SET", Key(0), "v");
        Assert.That(Client.Call("EXEC"), Is.EqualTo(Null));
        Client.Call("MULTI");
        Client.Call("SET", Key(0), "v");
        Assert.That(Client.Call("EXEC"), Is.EqualTo("*1\r\n+OK\r\n"));
    }

    [Test]
    public void CountersWithOptimisticLocks_LoseNothing()
    {
        var done = 0;
        Parallel.For(0, 12, new ParallelOptions { MaxDegreeOfParallelism = 12 }, number =>
        {
            using var client = Topology.Connect();
            var key = Key(number % 2);
            for (var i = 0; i < 30; i++)
            {
                client.Call("WATCH", key);
                var value = client.Call("GET", key).Split("\r\n");
                var next = value.Length > 2 ? int.Parse(value[1]) + 1 : 1;
                client.Send([.. RespFrame.Request("MULTI"), .. RespFrame.Request("SET", key, $"{next}"), .. RespFrame.Request("EXEC")]);
                client.ReadReplies(2);
                if (client.ReadReply() == "*1\r\n+OK\r\n")
                {
                    Interlocked.Increment(ref done);
                }
            }
        });

        var sum = new[] { Key(0), Key(1) }.Sum(key => int.Parse(Client.Call("GET", key).Split("\r\n")[1]));
        Assert.That(sum, Is.EqualTo(done).And.GreaterThan(0));
    }
}
