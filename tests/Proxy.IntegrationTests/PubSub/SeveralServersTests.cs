using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.PubSub;

/// <summary>Channels of several servers, and clients on several threads of the proxy.</summary>
[TestFixture("range")]
[TestFixture("random")]
[TestFixture("ketama")]
public sealed class SeveralServersTests(string distribution)
{
    private const int Count = 4;

    private readonly List<RedisServer> _servers = [];
    private ProxyProcess _proxy = null!;

    [OneTimeSetUp]
    public void Start()
    {
        for (var i = 0; i < Count; i++)
        {
            _servers.Add(RedisServer.Start("--notify-keyspace-events", "KEA"));
        }

        _proxy = ProxyProcess.Start(File());
    }

    [OneTimeTearDown]
    public void End()
    {
        _proxy?.Dispose();
        _servers.ForEach(server => server.Dispose());
    }

    [Test]
    public void ManyChannels_EachMessageComesOnceAndInTheOrderOfItsChannel()
    {
        using var subscriber = _proxy.Connect();
        using var publisher = _proxy.Connect();
        string[] channels = [.. Enumerable.Range(0, 40).Select(i => $"many:{i}")];
        Subscribe(subscriber, "SUBSCRIBE", channels);

        publisher.Send([.. Enumerable.Range(0, 25).SelectMany(i => channels.SelectMany(name => RespFrame.Request("PUBLISH", name, $"{i}")))]);

        Assert.That(publisher.ReadReplies(1000), Is.EqualTo(string.Concat(Enumerable.Repeat(":1\r\n", 1000))));
        var heard = Enumerable.Range(0, 1000).Select(_ => subscriber.ReadReply()).ToList();
        foreach (var channel in channels)
        {
            var expected = Enumerable.Range(0, 25).Select(i => RespFrame.Array("message", channel, $"{i}"));
            Assert.That(heard.Where(frame => frame.Contains($"\r\n{channel}\r\n", StringComparison.Ordinal)), Is.EqualTo(expected));
        }

        Assert.That(_servers.Count(server => server.CallsOf("publish") > 0), Is.EqualTo(Count), "servers that have channels");
    }

    [Test]
    public void SubscribersOnSeveralThreads_AreCountedEachAndServersSendOnce()
    {
        using var publisher = _proxy.Connect();
        var subscribers = Enumerable.Range(0, 20).Select(_ => _proxy.Connect()).ToList();
        try
        {
            subscribers.ForEach(client => Subscribe(client, "SUBSCRIBE", "counted"));
            subscribers.ForEach(client => Subscribe(client, "PSUBSCRIBE", "count*"));

            Assert.That(publisher.Call("PUBLISH", "counted", "m"), Is.EqualTo(":40\r\n"));
            Assert.That(publisher.Call("PUBSUB", "NUMSUB", "counted", "other"), Is.EqualTo("*4\r\n$7\r\ncounted\r\n:20\r\n$5\r\nother\r\n:0\r\n"));
            Assert.That(publisher.Call("PUBSUB", "NUMPAT"), Is.EqualTo(":1\r\n"));
            Assert.That(publisher.Call("PUBSUB", "CHANNELS", "count*"), Is.EqualTo(RespFrame.Array("counted")));
            var atServers = _servers.Sum(server => SubscribedAt(server, "counted"));
            Assert.That(atServers, Is.InRange(1, 2), "one subscription for each thread that has subscribers");
            foreach (var client in subscribers)
            {
                string[] heard = [client.ReadReply(), client.ReadReply()];
                Assert.That(heard, Is.EquivalentTo(new[]
                {
                    RespFrame.Array("message", "counted", "m"), RespFrame.Array("pmessage", "count*", "counted", "m"),
                }));
            }
        }
        finally
        {
            subscribers.ForEach(client => client.Dispose());
        }

        Eventually.Equal(() => publisher.Call("PUBLISH", "counted", "m"), ":0\r\n", "receivers after all subscribers left");
        Eventually.Equal(() => _servers.Sum(server => SubscribedAt(server, "counted")), 0, "subscriptions at the servers");
    }

    [Test]
    public void EventsOfKeys_ComeFromEveryServer()
    {
        using var events = _proxy.Connect();
        using var client = _proxy.Connect();
        string[] keys = [.. Enumerable.Range(0, Count).Select(server => RedisTopology.Key(server))];
        Subscribe(events, "PSUBSCRIBE", "__keyevent@0__:lpush");
        Subscribe(events, "SUBSCRIBE", "__keyevent@0__:rpush");

        foreach (var key in keys)
        {
            client.Call("LPUSH", key, "x");
            client.Call("RPUSH", key, "x");
        }

        var expected = keys.SelectMany(key => new[]
        {
            RespFrame.Array("pmessage", "__keyevent@0__:lpush", "__keyevent@0__:lpush", key), RespFrame.Array("message", "__keyevent@0__:rpush", key),
        });
        Assert.That(Enumerable.Range(0, 2 * Count).Select(_ => events.ReadReply()).ToList(), Is.EquivalentTo(expected));
    }

    [Test]
    public void PublisherThatIsSubscribedItself_HearsItsMessageBeforeTheReply()
    {
        using var client = _proxy.Connect();
        client.Call("HELLO", "3");
        client.SendCommand("PSUBSCRIBE", "own*");
        client.ReadReply();

        for (var i = 0; i < 50; i++)
        {
            client.SendCommand("PUBLISH", $"own:{i}", "m");
            Assert.That(client.ReadReply(), Does.StartWith(">4\r\n$8\r\npmessage\r\n"));
            Assert.That(client.ReadReply(), Is.EqualTo(":1\r\n"));
        }
    }

    [Test]
    public void ChannelsOfATransaction_AreOnOneServer()
    {
        using var subscriber = _proxy.Connect();
        using var client = _proxy.Connect();
        string[] channels = [.. Enumerable.Range(0, 40).Select(i => $"transaction:{i}")];
        Subscribe(subscriber, "SUBSCRIBE", channels);

        var replies = channels.Select(channel => Run(client, ["PUBLISH", channel, "1"], ["PING"], ["PUBLISH", channel, "2"])).ToList();

        Assert.That(replies, Is.All.EqualTo("*3\r\n:1\r\n+PONG\r\n:1\r\n"));
        var heard = Enumerable.Range(0, 80).Select(_ => subscriber.ReadReply()).ToList();
        foreach (var channel in channels)
        {
            Assert.That(
                heard.Where(frame => frame.Contains($"\r\n{channel}\r\n", StringComparison.Ordinal)),
                Is.EqualTo(new[] { RespFrame.Array("message", channel, "1"), RespFrame.Array("message", channel, "2") }));
        }
    }

    [Test]
    public void ChannelsOfSeveralServersInATransaction_AreRefused()
    {
        using var client = _proxy.Connect();
        client.Call("MULTI");

        var replies = Enumerable.Range(0, 40).Select(i => client.Call("PUBLISH", $"scattered:{i}", "m")).ToList();

        Assert.That(replies[0], Is.EqualTo("+QUEUED\r\n"));
        Assert.That(replies, Has.Some.EqualTo("-CROSSSLOT Keys in request don't hash to the same slot\r\n"));
        Assert.That(client.Call("EXEC"), Is.EqualTo("-EXECABORT Transaction discarded because of previous errors.\r\n"));
    }

    [Test]
    public void TransactionThatSubscribes_HearsAllServers()
    {
        using var client = _proxy.Connect();
        using var publisher = _proxy.Connect();
        string[] channels = [.. Enumerable.Range(0, 20).Select(i => $"in transaction:{i}")];
        client.Call("HELLO", "3");

        Assert.That(Run(client, ["SUBSCRIBE", .. channels]), Does.StartWith("*1\r\n>3\r\n$9\r\nsubscribe\r\n"));
        client.ReadReplies(channels.Length - 1);

        foreach (var channel in channels)
        {
            Assert.That(publisher.Call("PUBLISH", channel, "m"), Is.EqualTo(":1\r\n"));
            Assert.That(client.ReadReply(), Is.EqualTo('>' + RespFrame.Array("message", channel, "m")[1..]));
        }
    }

    private static string Run(RespClient client, params string[][] commands)
    {
        client.Send([.. RespFrame.Request("MULTI"), .. commands.SelectMany(command => RespFrame.Request(command)), .. RespFrame.Request("EXEC")]);
        client.ReadReplies(commands.Length + 1);
        return client.ReadReply();
    }

    private static void Subscribe(RespClient client, string command, params string[] names)
    {
        client.SendCommand([command, .. names]);
        client.ReadReplies(names.Length);
    }

    private static int SubscribedAt(RedisServer server, string channel)
    {
        var reply = server.Call("PUBSUB", "NUMSUB", channel);
        return int.Parse(reply[(reply.LastIndexOf(':') + 1)..].TrimEnd());
    }

    private ProxyFile File()
    {
        string[] addresses = [.. _servers.Select(server => server.Address)];
        var file = distribution == "range"
            ? RedisTopology.File(addresses)
            : new ProxyFile { Pools = [new PoolText { Servers = addresses, Distribution = distribution, Keys = ["hash: md5"] }] };
        return file with { Keys = ["threads: 2"] };
    }
}
