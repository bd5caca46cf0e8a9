using DotNetty.Transport.Channels.Embedded;
using NUnit.Framework;

namespace Proxy.Core.Tests.Requests.Gathering;

/// <summary>SCRIPT KILL at two servers: over connections of its own, and one that has something to kill is enough.</summary>
public sealed class OneSucceededTests
{
    private const string NotBusy = "-NOTBUSY No scripts in execution right now.\r\n";
    private const string Unkillable = "-UNKILLABLE Sorry the script already executed write commands against the dataset.\r\n";

    private TestConnector _connector = null!;
    private TestPool _pool = null!;
    private TestClient _client = null!;
    private List<EmbeddedChannel> _servers = null!;

    [SetUp]
    public void Open()
    {
        _connector = new TestConnector();
        _pool = new TestPool(Pools.Model("a", "b"), connector: _connector);
        _client = new TestClient(_pool);
        _client.Request("SCRIPT KILL");
        _servers = [_connector.AcceptShared(0), _connector.AcceptShared(1)];
        _pool.RunAll();
    }

    [TestCase("+OK\r\n", NotBusy, "+OK\r\n")]
    [TestCase(NotBusy, "+OK\r\n", "+OK\r\n")]
    [TestCase(Unkillable, "+OK\r\n", "+OK\r\n")]
    [TestCase(NotBusy, NotBusy, NotBusy)]
    [TestCase(NotBusy, Unkillable, Unkillable)]
    [TestCase(Unkillable, NotBusy, Unkillable)]
    public void Replies_AreJoined(string first, string second, string joined)
    {
        TestConnector.Send(_servers[0], first);
        Assert.That((_client.TakeSent(), _client.MayTakeRequest), Is.EqualTo(("", false)));

        TestConnector.Send(_servers[1], second);

        Assert.That((_client.TakeSent(), _client.MayTakeRequest), Is.EqualTo((joined, true)));
    }

    [TestCase("+OK\r\n", "+OK\r\n")]
    [TestCase(Unkillable, Unkillable)]
    [TestCase(NotBusy, "-ERR ")]
    public void ServerThatIsLost_LeavesItToTheOthersUnlessTheyHaveNothingToSay(string reply, string joined)
    {
        _servers[0].CloseAsync();
        _pool.RunAll();

        TestConnector.Send(_servers[1], reply);

        Assert.That(_client.TakeSent(), Does.StartWith(joined));
    }

    [Test]
    public void Connections_AreUsedAgain()
    {
        _servers.ForEach(server => TestConnector.Send(server, NotBusy));

        _client.Request("SCRIPT KILL");
        _pool.RunAll();

        Assert.That(_connector.Attempts, Is.EqualTo(2));
    }

    [Test]
    public void ClientThatIsGone_HarmsNobody()
    {
        _client.Leave();

        _servers.ForEach(server => TestConnector.Send(server, NotBusy));

        Assert.That(_servers.Select(server => server.Active), Is.All.True);
    }
}
