using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.PubSub;

/// <summary>A server that does not know HELLO, as before Redis 6: its messages are arrays, and come all the same.</summary>
public sealed class OldServerTests
{
    private RedisServer _server = null!;
    private ProxyProcess _proxy = null!;
    private RespClient _subscriber = null!;

    [SetUp]
    public void Start()
    {
        _server = RedisServer.Start("--rename-command", "HELLO", "");
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]));
        _subscriber = _proxy.Connect();
    }

    [TearDown]
    public void End()
    {
        _subscriber?.Dispose();
        _proxy?.Dispose();
        _server?.Dispose();
    }

    [Test]
    public void Subscriber_HearsMessagesOfChannelsAndPatterns()
    {
        _subscriber.Call("SUBSCRIBE", "a");
        _subscriber.Call("PSUBSCRIBE", "a*");
        using var publisher = _proxy.Connect();

        Assert.That(publisher.Call("PUBLISH", "a", "m"), Is.EqualTo(":2\r\n"));

        Assert.That(_subscriber.ReadReply(), Is.EqualTo(RespFrame.Array("message", "a", "m")));
        Assert.That(_subscriber.ReadReply(), Is.EqualTo(RespFrame.Array("pmessage", "a*", "a", "m")));
        Assert.That(_subscriber.Call("UNSUBSCRIBE"), Is.EqualTo("*3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:1\r\n"));
        Assert.That(publisher.Call("PUBLISH", "a", "m"), Is.EqualTo(":1\r\n"));
    }

    [Test]
    public void ServerRestarts_SubscribersHearAgain()
    {
        _subscriber.Call("SUBSCRIBE", "a");

        _server.Restart();

        using var publisher = _proxy.Connect();
        Eventually.Equal(() => publisher.Call("PUBLISH", "a", "again"), ":1\r\n", "receivers");
        Assert.That(_subscriber.ReadReply(), Is.EqualTo(RespFrame.Array("message", "a", "again")));
    }
}
