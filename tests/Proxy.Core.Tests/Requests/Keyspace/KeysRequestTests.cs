using DotNetty.Transport.Channels.Embedded;
using NUnit.Framework;
using Proxy.Core.Metrics;

namespace Proxy.Core.Tests.Requests.Keyspace;

/// <summary>KEYS over three servers: in which order their keys are passed on, and what is kept meanwhile.</summary>
public sealed class KeysRequestTests
{
    private const int Large = 100_000;

    private TestConnector _connector = null!;
    private TestPool _pool = null!;
    private TestClient _client = null!;
    private List<EmbeddedChannel> _servers = null!;

    [SetUp]
    public void Open()
    {
        _connector = new TestConnector();
        _pool = new TestPool(Pools.Model("a", "b", "c") with { ClientOutputLimit = 4 * Large }, connector: _connector);
        _client = new TestClient(_pool);
        _client.Request("KEYS *");
        _servers = [.. Enumerable.Range(0, 3).Select(_connector.AcceptShared)];
        _pool.RunAll();
    }

    [Test]
    public void EveryServer_IsAskedAsTheClientAsked() =>
        Assert.That(_servers.Select(TestConnector.Sent), Is.All.EqualTo("*2\r\n$4\r\nKEYS\r\n$1\r\n*\r\n"));

    [Test]
    public void NothingIsPassedBeforeEveryServerAnswers_ThenAllInTheServersOrder()
    {
        TestConnector.Send(_servers[2], "*1\r\n$1\r\nc\r\n");
        TestConnector.Send(_servers[0], "*2\r\n$1\r\na\r\n$1\r\nb\r\n");
        Assert.That(_client.TakeSent(), Is.Empty);
        Assert.That(_client.MayTakeRequest, Is.False);

        TestConnector.Send(_servers[1], "*0\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n"));
        Assert.That(_client.MayTakeRequest, Is.True);
    }

    [Test]
    public void HeaderThatComesByteByByte_IsRead()
    {
        TestConnector.Send(_servers[0], "*0\r\n");
        TestConnector.Send(_servers[2], "*0\r\n");
        foreach (var next in "*1\r\n$1\r\na\r\n")
        {
            TestConnector.Send(_servers[1], $"{next}");
        }

        Assert.That(_client.TakeSent(), Is.EqualTo("*1\r\n$1\r\na\r\n"));
    }

    [Test]
    public void ServerWhoseTurnItIsNot_IsNotRead()
    {
        TestConnector.Send(_servers[0], "*1\r\n$1\r\na\r\n");
        TestConnector.Send(_servers[1], Beginning('b'));
        Assert.That(_servers[1].Configuration.AutoRead, Is.False);

        TestConnector.Send(_servers[2], "*1\r\n$1\r\nc\r\n");
        Assert.That(_servers[1].Configuration.AutoRead, Is.True);
        Assert.That(_client.TakeSent(), Is.EqualTo($"*3\r\n$1\r\na\r\n{Beginning('b')[4..]}"));

        TestConnector.Send(_servers[1], "\r\n");
        Assert.That(_client.TakeSent(), Is.EqualTo("\r\n$1\r\nc\r\n"));
    }

    [Test]
    public void ClientThatDoesNotRead_StopsTheServer()
    {
        TestConnector.Send(_servers[1], "*0\r\n");
        TestConnector.Send(_servers[2], "*0\r\n");
        TestConnector.Send(_servers[0], $"*2\r\n${3 * Large}\r\n{new string('x', 2 * Large)}");
        TestConnector.Send(_servers[0], new string('x', 50_000));

        Assert.That(_servers[0].Configuration.AutoRead, Is.False);
        Assert.That(_client.ClosedFor, Is.Null);

        var sent = _client.TakeSent();
        _client.FlushPaused();
        Assert.That(_servers[0].Configuration.AutoRead, Is.True);
        TestConnector.Send(_servers[0], new string('x', 50_000) + "\r\n$1\r\ny\r\n");

        Assert.That(sent + _client.TakeSent() == $"*2\r\n${3 * Large}\r\n{new string('x', 3 * Large)}\r\n$1\r\ny\r\n");
    }

    [Test]
    public void ErrorOfAServer_IsTheReplyAndTheOthersAreLetGo()
    {
        TestConnector.Send(_servers[0], Beginning('a'));

        TestConnector.Send(_servers[1], "-NOPERM no\r\n");
        _pool.RunAll();

        Assert.That(_client.TakeSent(), Is.EqualTo("-NOPERM no\r\n"));
        Assert.That(_servers.Select(server => server.Active), Is.EqualTo([false, true, false]));
        Assert.That(_client.MayTakeRequest, Is.True);
    }

    [Test]
    public void ServerThatIsLostBeforeItsHeader_IsAnError()
    {
        TestConnector.Send(_servers[0], "*0\r\n");

        _servers[1].CloseAsync();
        _pool.RunAll();

        Assert.That(_client.TakeSent(), Does.StartWith("-ERR "));
        Assert.That((_client.ClosedFor, _client.MayTakeRequest), Is.EqualTo(((ClientCloseReason?)null, true)));
    }

    [Test]
    public void ServerThatIsLostAfterTheHeader_ClosesTheClient()
    {
        TestConnector.Send(_servers[0], "*0\r\n");
        TestConnector.Send(_servers[2], "*0\r\n");
        TestConnector.Send(_servers[1], Beginning('b'));

        _servers[1].CloseAsync();
        _pool.RunAll();

        Assert.That(_client.ClosedFor, Is.EqualTo(ClientCloseReason.ReplyLost));
    }

    [TestCase("+OK\r\n")]
    [TestCase("*-1\r\n")]
    public void ReplyThatIsNoArray_IsAnError(string reply)
    {
        TestConnector.Send(_servers[0], reply);

        Assert.That(_client.TakeSent(), Does.StartWith("-ERR unexpected reply"));
    }

    [Test]
    public void ClientThatIsGone_LetsTheServersGo()
    {
        TestConnector.Send(_servers[0], Beginning('a'));
        TestConnector.Send(_servers[1], Beginning('b'));
        _client.Leave();

        TestConnector.Send(_servers[2], "*0\r\n");
        _pool.RunAll();

        Assert.That(_servers.Select(server => server.Active), Is.EqualTo([false, false, true]));
    }

    [Test]
    public void Connections_AreUsedAgain()
    {
        _servers.ForEach(server => TestConnector.Send(server, "*0\r\n"));

        _client.Request("KEYS a");
        _pool.RunAll();

        Assert.That(_connector.Attempts, Is.EqualTo(3));
        Assert.That(_servers.Select(TestConnector.Sent), Is.All.EndsWith("$4\r\nKEYS\r\n$1\r\na\r\n"));
    }

    [Test]
    public void BehindARequestThatIsNotAnswered_ItComesAgain()
    {
        _servers.ForEach(server => TestConnector.Send(server, "*0\r\n"));
        _client.Request("GET k");

        Assert.That(_client.Request("KEYS *"), Is.False);
    }

    private static string Beginning(char name) => $"*1\r\n${Large / 2}\r\n{new string(name, Large / 2)}";
}
