using NUnit.Framework;

namespace Proxy.Core.Tests.Requests.Transactions;

/// <summary>What becomes of the connection on which a client watches keys.</summary>
public sealed class WatchConnectionTests
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
        _client.Request("WATCH k");
    }

    [TestCase("+OK\r\n", true)]
    [TestCase("-NOPERM no\r\n", false)]
    public void Unwatch_KeepsTheConnectionIfTheServerDidIt(string reply, bool isKept)
    {
        var server = _connector.Accept(0);
        _pool.RunAll();
        TestConnector.Send(server, "+OK\r\n");
        _client.Request("UNWATCH");
        _pool.RunAll();

        TestConnector.Send(server, reply);

        Assert.That((server.Active, _pool.Pool.Leases), Is.EqualTo((isKept, isKept ? 1 : 0)));
    }

    [Test]
    public void ServerLeftBeforeItAnswers_TheConnectionIsClosedThen()
    {
        var server = _connector.Accept(0);
        _pool.RunAll();
        _pool.Apply(Pools.Model("b"));
        _pool.Connections.Refresh();
        Assert.That(server.Active, Is.True);

        TestConnector.Send(server, "+OK\r\n");

        Assert.That((server.Active, _client.TakeSent()), Is.EqualTo((false, "+OK\r\n")));
    }
}
