using DotNetty.Transport.Channels.Embedded;
using NUnit.Framework;

namespace Proxy.Core.Tests.Requests.Tracking;

/// <summary>The connections of a tracking client when servers leave, or want nothing to do with it.</summary>
public sealed class TrackedConnectionTests
{
    private TestConnector _connector = null!;
    private TestPool _pool = null!;
    private TestClient _client = null!;

    [SetUp]
    public void SetUp()
    {
        _connector = new TestConnector();
        _pool = new TestPool(Pools.Model("a"), connector: _connector);
        _client = new TestClient(_pool);
    }

    [TestCase("UNWATCH")]
    [TestCase("RESET")]
    public void ServerOfAWatchLeft_TheWatchIsOverWithoutIt(string end)
    {
        Watch(TurnOn(servers: 1)[0]);

        _pool.Apply(Pools.Model("b"));

        Assert.That(Send(end), Does.StartWith("+"));
    }

    [Test]
    public void PoolBeginsInAnotherDatabaseAfterAWatch_NothingRuns()
    {
        Watch(TurnOn(servers: 1)[0]);
        Send("MULTI");
        Send("SET k v");

        _pool.Apply(Pools.Model("a") with { Database = 5 });

        Assert.That(Send("EXEC"), Is.EqualTo("*-1\r\n"));
    }

    [Test]
    public void ServerThatWantsAPassword_IsNotQuoted()
    {
        _client.Request("CLIENT TRACKING ON");
        var server = _connector.Accept(0);
        _pool.RunAll();

        TestConnector.Send(server, "-NOAUTH Authentication required.\r\n");

        Assert.That(_client.TakeSent(), Does.StartWith("-").And.Not.StartsWith("-NOAUTH"));
        Assert.That((server.Active, _client.Tracking is null), Is.EqualTo((false, true)));
    }

    [Test]
    public void OtherServerLeaves_TheWaitGoesOn()
    {
        _pool.Apply(Pools.Model("a", "b"));
        var servers = TurnOn(servers: 2);
        _client.Request("BLPOP k 0");
        _pool.RunAll();
        var home = TestConnector.Sent(servers[0]).Contains("BLPOP", StringComparison.Ordinal) ? "a" : "b";

        _pool.Apply(Pools.Model(home));
        _pool.Connections.Refresh();

        Assert.That(_connector.Attempts, Is.EqualTo(2), "no server is asked to end a wait");
        Assert.That(_client.Blocked, Is.Not.Null);
    }

    private List<EmbeddedChannel> TurnOn(int servers)
    {
        _client.Request("CLIENT TRACKING ON");
        var channels = Enumerable.Range(0, servers).Select(_connector.Accept).ToList();
        _pool.RunAll();
        foreach (var channel in channels)
        {
            TestConnector.Sent(channel);
            TestConnector.Send(channel, "+OK\r\n");
        }

        Assert.That(_client.TakeSent(), Is.EqualTo("+OK\r\n"));
        return channels;
    }

    private void Watch(EmbeddedChannel server)
    {
        _client.Request("WATCH k");
        _pool.RunAll();
        TestConnector.Send(server, "+OK\r\n");
        Assert.That(_client.TakeSent(), Is.EqualTo("+OK\r\n"));
    }

    private string Send(string request)
    {
        Assert.That(_client.Request(request), "taken");
        return _client.TakeSent();
    }
}
