using DotNetty.Transport.Channels.Embedded;
using NUnit.Framework;

namespace Proxy.Core.Tests.Requests.Blocking;

public sealed class BlockedRequestTests
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

    [Test]
    public void WhileItWaits_ItsClientTakesNoRequest()
    {
        var server = Block();
        Assert.That((_client.MayTakeRequest, _client.Blocked is null), Is.EqualTo((false, false)));

        TestConnector.Send(server, "*-1\r\n");

        Assert.That((_client.MayTakeRequest, _client.Blocked is null, _client.TakeSent()), Is.EqualTo((true, true, "*-1\r\n")));
        Assert.That(_pool.Pool.Leases, Is.EqualTo(1), "kept for the next");
    }

    [Test]
    public void BlockedClients_AreCountedUntilTheyGoOnOrAreGone()
    {
        var counters = _pool.Pool.Counters[0];
        var server = Block();
        Assert.That(counters.BlockedClients, Is.EqualTo(1));
        TestConnector.Send(server, "*-1\r\n");
        Assert.That(counters.BlockedClients, Is.Zero);

        _client.Request("BLPOP k 0");
        Assert.That(counters.BlockedClients, Is.EqualTo(1));
        _client.Leave();

        Assert.That(counters.BlockedClients, Is.Zero);
    }

    [Test]
    public void WithRequestsUnderWay_ItComesAgain()
    {
        _client.Pending.Begin(_client, command: null);

        Assert.That(_client.Request("BLPOP k 0"), Is.False);
        Assert.That(_connector.Attempts, Is.Zero);
    }

    [Test]
    public void ClientGone_ItsLeaseIsClosedInTheSameTurn()
    {
        var server = Block();

        _client.Leave();

        Assert.That((server.Active, _pool.Pool.Leases), Is.EqualTo((false, 0)));
    }

    [Test]
    public void Unblocked_TheServerIsAskedAndAnswers()
    {
        var server = Block();
        bool? ended = null;
        _client.Unblock(withError: true, done => ended = done);
        var shared = _connector.AcceptShared(1);
        _pool.RunAll();
        Assert.That(TestConnector.Sent(shared), Is.EqualTo("*4\r\n$6\r\nCLIENT\r\n$7\r\nUNBLOCK\r\n$3\r\n100\r\n$5\r\nERROR\r\n"));

        TestConnector.Send(server, "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n");
        TestConnector.Send(shared, ":1\r\n");

        Assert.That((ended, _client.TakeSent()), Is.EqualTo(((bool?)true, "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n")));
        Assert.That(server.Active, Is.False, "a second question about it may be under way");
    }

    [Test]
    public void NotBlocked_IsNotUnblocked()
    {
        bool? ended = null;

        _client.Unblock(withError: false, done => ended = done);

        Assert.That(ended, Is.False);
    }

    private EmbeddedChannel Block()
    {
        _client.Request("BLPOP k 0");
        var server = _connector.Accept(0);
        _pool.RunAll();
        Assert.That(TestConnector.Sent(server), Is.EqualTo("*3\r\n$5\r\nBLPOP\r\n$1\r\nk\r\n$1\r\n0\r\n"));
        return server;
    }
}
