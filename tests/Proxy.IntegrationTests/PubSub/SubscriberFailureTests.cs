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
        using var metrics = new MetricsReader();
        _server = RedisServer.Start();
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]) with { Keys = [metrics.Key, "threads: 1"] });
        _subscriber = _proxy.Connect();
        _publisher = _proxy.Connect();
        Subscribe("SUBSCRIBE", "a");
        Subscribe("PSUBSCRIBE", "b*");

        _server.Restart();

        Eventually.Equal(() => _publisher.Call("PUBLISH", "a", "again"), ":1\r\n", "receivers of a");
        Eventually.Equal(() => _publisher.Call("PUBLISH", "b1", "again"), ":1\r\n", "receivers of b1");
        Assert.That(_subscriber.ReadReply(), Is.EqualTo(RespFrame.Array("message", "a", "again")));
        Assert.That(_subscriber.ReadReply(), Is.EqualTo(RespFrame.Array("pmessage", "b*", "b1", "again")));
        Assert.That(_subscriber.Call("PING"), Is.EqualTo(RespFrame.Array("pong", "")));
        Assert.That(metrics.Sum("redis_proxy_server_subscriptions_renewed_total"), Is.EqualTo(1));
        Assert.That(metrics.Sum("redis_proxy_messages_delivered_total"), Is.EqualTo(2));
        Assert.That(_proxy.Process.Output, Does.Match("subscriptions interrupted: pool main, server shard0 at .*, 2 of a thread: connection"));
        Assert.That(_proxy.Process.Output, Does.Match("subscriptions renewed: pool main, server shard0 at .*, 2 of a thread"));
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
    public void TransactionThatSubscribesWhileTheServerIsDown_IsItsErrorAndNothingIsSubscribed()
    {
        Start();
        _server.Kill();

        _subscriber.Call("MULTI");
        _subscriber.Call("SUBSCRIBE", "a");
        Assert.That(_subscriber.Call("EXEC"), Does.Match("^-ERR Connection (refused|lost|reset by peer) \\(pool main, server shard0\\)\r\n$"));

        Assert.That(_subscriber.Call("PING"), Is.EqualTo("+PONG\r\n"), "it is no subscriber");
        Assert.That(_subscriber.Call("EXEC"), Is.EqualTo("-ERR EXEC without MULTI\r\n"));
    }

    [Test]
    public void TransactionThatSubscribesToAForbiddenChannel_DoesNotRun()
    {
        Start("redis_auth: secret", "--requirepass", "secret");
        _subscriber.Call("AUTH", "secret");
        _server.Call("ACL", "SETUSER", "default", "resetchannels", "&allowed*");

        _subscriber.Call("MULTI");
        _subscriber.Call("SET", "x", "1");
        _subscriber.Call("SUBSCRIBE", "allowed", "forbidden");

        Assert.That(_subscriber.Call("EXEC"), Does.StartWith("-EXECABORT Transaction discarded because of: NOPERM this user has no permissions to access one of the channels"));
        Assert.That(_subscriber.Call("GET", "x"), Is.EqualTo("$-1\r\n"));
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
        const int Others = 99;
        using var metrics = new MetricsReader();
        _server = RedisServer.Start();
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address], "subscriber_output_limit: 1mb") with { Keys = ["threads: 2", metrics.Key] });
        _publisher = _proxy.Connect();
        using var stuck = RespClient.Connect(_proxy.File.Pools[0].EndPoint, receiveBuffer: 4096);
        stuck.Call("SUBSCRIBE", "a");
        var others = Enumerable.Range(0, Others).Select(_ => _proxy.Connect()).ToList();
        others.ForEach(client => client.Call("SUBSCRIBE", "a"));
        var message = new string('x', 50_000);
        var frame = RespFrame.Array("message", "a", message);

        var receivers = "";
        for (var i = 0; i < 1000 && receivers != $":{Others}\r\n"; i++)
        {
            receivers = _publisher.Call("PUBLISH", "a", message);
            Assert.That(others.All(client => client.ReadReply() == frame), "the others hear it");
        }

        Assert.That(receivers, Is.EqualTo($":{Others}\r\n"), "receivers once it was dropped");
        Assert.That(metrics.Lines(), Has.Some.EqualTo("redis_proxy_client_connections_closed_total{pool=\"main\",reason=\"subscriber_limit\"} 1"));
        Assert.That(metrics.Lines(), Has.Some.EqualTo($"redis_proxy_subscriptions{{pool=\"main\",kind=\"channel\"}} {Others}"));
        Eventually.Equal(() => metrics.Sum("redis_proxy_client_buffered_bytes"), 0, "bytes that wait for clients");
        others.ForEach(client => client.Dispose());
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
