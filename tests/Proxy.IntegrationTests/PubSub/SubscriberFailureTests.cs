using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.PubSub;

/// <summary>Servers that fail under subscribers, and subscribers that fail.</summary>
public sealed class SubscriberFailureTests
{
    private RedisServer _server = null!;
    private ProxyProcess _proxy = null!;
    private RespClient _subscriber = null!;
    private RespClient _publisher = null!;

    [TearDown]
    public void End()
    {
        _subscriber?.Dispose();
        _publisher?.Dispose();
        _proxy?.Dispose();
        _server?.Dispose();
    }

    [Test]
    public void ServerRestarts_SubscribersHearAgainWithoutDoingAnything()
    {
        Start();
        Subscribe("SUBSCRIBE", "a");
        Subscribe("PSUBSCRIBE", "b*");

        _server.Restart();

        Eventually.Equal(() => _publisher.Call("PUBLISH", "a", "again"), ":1\r\n", "receivers of a");
        Eventually.Equal(() => _publisher.Call("PUBLISH", "b1", "again"), ":1\r\n", "receivers of b1");
        Assert.That(_subscriber.ReadReply(), Is.EqualTo(RespFrame.Array("message", "a", "again")));
        Assert.That(_subscriber.ReadReply(), Is.EqualTo(RespFrame.Array("pmessage", "b*", "b1", "again")));
        Assert.That(_subscriber.Call("PING"), Is.EqualTo(RespFrame.Array("pong", "")));
    }

    [Test]
    public void SubscribeWhileTheServerIsDown_IsItsErrorAndNothingIsSubscribed()
    {
        Start();
        _server.Kill();

        Assert.That(_subscriber.Call("SUBSCRIBE", "a"), Does.Match("^-ERR Connection (refused|lost|reset by peer) \\(pool main, server shard0\\)\r\n$"));
        Assert.That(_subscriber.Call("PING"), Is.EqualTo("+PONG\r\n"), "it is no subscriber");

        _server.Restart();
        Eventually.Equal(() => _subscriber.Call("SUBSCRIBE", "a"), "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n", "confirmation");
    }

    [Test]
    public void ServerThatDoesNotAnswer_FailsTheSubscribeAfterTheTimeout()
    {
        Start("timeout: 300");
        Subscribe("SUBSCRIBE", "a");
        Subscribe("UNSUBSCRIBE", "a");
        _server.Pause();
        try
        {
            Assert.That(_subscriber.Call("SUBSCRIBE", "b"), Is.EqualTo("-ERR Connection timed out (pool main, server shard0)\r\n"));
        }
        finally
        {
            _server.Resume();
        }

        Eventually.Equal(() => _publisher.Call("PUBSUB", "NUMSUB", "b"), "*2\r\n$1\r\nb\r\n:0\r\n", "nothing is left of it");
        Subscribe("SUBSCRIBE", "b");
        Assert.That(_publisher.Call("PUBLISH", "b", "m"), Is.EqualTo(":1\r\n"));
        Assert.That(_subscriber.ReadReply(), Is.EqualTo(RespFrame.Array("message", "b", "m")));
    }

    [Test]
    public void ServerThatForbidsTheChannel_IsQuoted()
    {
        Start("redis_auth: secret", "--requirepass", "secret");
        _subscriber.Call("AUTH", "secret");
        _server.Call("ACL", "SETUSER", "default", "resetchannels", "&allowed*");

        Assert.That(_subscriber.Call("SUBSCRIBE", "allowed", "forbidden"), Does.StartWith("-NOPERM this user has no permissions to access one of the channels"));
        Assert.That(_subscriber.Call("PING"), Is.EqualTo("+PONG\r\n"), "it is no subscriber");
        Subscribe("SUBSCRIBE", "allowed");
        Assert.That(_server.Call("PUBLISH", "allowed", "m"), Is.EqualTo(":1\r\n"));
        Assert.That(_subscriber.ReadReply(), Is.EqualTo(RespFrame.Array("message", "allowed", "m")));
    }

    [Test]
    public void SubscriberThatDoesNotRead_IsDroppedAndHurtsNobody()
    {
        Start("subscriber_output_limit: 1mb");
        using var stuck = _proxy.Connect();
        stuck.SendCommand("SUBSCRIBE", "a");
        stuck.ReadReply();
        Subscribe("SUBSCRIBE", "a");
        Assert.That(_publisher.Call("PUBLISH", "a", "both"), Is.EqualTo(":2\r\n"));
        Assert.That(_subscriber.ReadReply(), Is.EqualTo(RespFrame.Array("message", "a", "both")));
        var message = new string('x', 100_000);

        var receivers = "";
        for (var i = 0; i < 1000 && receivers != ":1\r\n"; i++)
        {
            receivers = _publisher.Call("PUBLISH", "a", message);
            Assert.That(_subscriber.ReadReply(), Is.EqualTo(RespFrame.Array("message", "a", message)));
        }

        Assert.That(receivers, Is.EqualTo(":1\r\n"), "receivers once it was dropped");
    }

    [Test]
    public void MessagesWhileALargeReplyGoesOut_StandBeforeOrBehindIt()
    {
        Start();
        _subscriber.Call("HELLO", "3");
        _publisher.Call("SET", "large", new string('x', 20_000_000));
        _subscriber.SendCommand("SUBSCRIBE", "a");
        _subscriber.ReadReply();

        _subscriber.SendCommand("GET", "large");
        for (var i = 0; i < 100; i++)
        {
            _publisher.Call("PUBLISH", "a", $"{i}");
        }

        var frames = Enumerable.Range(0, 101).Select(_ => _subscriber.ReadReply()).ToList();
        Assert.That(frames.Where(frame => frame[0] == '>'), Is.EqualTo(Enumerable.Range(0, 100).Select(Message)));
        Assert.That(frames.Single(frame => frame[0] == '$'), Has.Length.EqualTo(20_000_000 + "$20000000\r\n\r\n".Length));

        static string Message(int i) => '>' + RespFrame.Array("message", "a", $"{i}")[1..];
    }

    [Test]
    public void LargeMessage_ComesWholeToEverybody()
    {
        Start();
        var others = Enumerable.Range(0, 5).Select(_ => _proxy.Connect()).ToList();
        others.ForEach(client => client.Call("SUBSCRIBE", "a"));
        var message = new string('y', 5_000_000);

        Assert.That(_publisher.Call("PUBLISH", "a", message), Is.EqualTo(":5\r\n"));

        foreach (var client in others)
        {
            Assert.That(client.ReadReply() == RespFrame.Array("message", "a", message), "the message");
            client.Dispose();
        }
    }

    private void Start(string? poolKey = null, params string[] options)
    {
        _server = RedisServer.Start(options);
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address], poolKey is null ? [] : [poolKey]));
        _subscriber = _proxy.Connect();
        _publisher = _proxy.Connect();
    }

    private void Subscribe(string command, string name)
    {
        _subscriber.SendCommand(command, name);
        _subscriber.ReadReply();
    }
}
