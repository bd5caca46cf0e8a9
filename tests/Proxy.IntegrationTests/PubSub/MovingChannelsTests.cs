using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.PubSub;

/// <summary>Channels get another server by a reload or an ejection; their subscribers do nothing for it.</summary>
public sealed class MovingChannelsTests
{
    private static readonly string[] Channels = [.. Enumerable.Range(0, 20).Select(i => $"moving:{i}")];

    private readonly List<RedisServer> _servers = [];
    private ProxyProcess _proxy = null!;
    private RespClient _subscriber = null!;
    private RespClient _publisher = null!;

    [SetUp]
    public void StartRedis()
    {
        _servers.Add(RedisServer.Start());
        _servers.Add(RedisServer.Start());
    }

    [TearDown]
    public void End()
    {
        _subscriber?.Dispose();
        _publisher?.Dispose();
        _proxy?.Dispose();
        _servers.ForEach(server => server.Dispose());
        _servers.Clear();
    }

    [Test]
    public void Reload_WithAnotherServer_MovesSubscriptionsAndLeavesNoneBehind()
    {
        var file = ProxyFile.Of([_servers[0].Address]);
        Start(file);

        _proxy.Reload(file with { Pools = [file.Pools[0] with { Servers = [.. _servers.Select(server => server.Address)] }] });

        Eventually.True(() => _servers[1].Call("PUBSUB", "CHANNELS") != "*0\r\n", "some channels have moved");
        ExpectAllHeard();
        Eventually.Equal(() => _servers.Sum(Subscriptions), Channels.Length, "subscriptions at the servers, one for each channel");
        Assert.That(_servers.Select(server => server.Call("PUBSUB", "NUMPAT")), Is.All.EqualTo(":1\r\n"), "patterns are everywhere");
    }

    [Test]
    public void Ejection_MovesSubscriptions_AndTheServersReturnMovesThemBack()
    {
        Start(ProxyFile.Of(
            [.. _servers.Select(server => server.Address)],
            "auto_eject_hosts: true", "server_failure_limit: 2", "server_retry_timeout: 300", "timeout: 1000"));
        Assert.That(_servers.Select(Subscriptions), Is.All.GreaterThan(0), "both have channels");

        _servers[1].Kill();
        ExpectAllHeard();
        Assert.That(Subscriptions(_servers[0]), Is.EqualTo(Channels.Length));

        _servers[1].Restart();
        Eventually.True(() => Subscriptions(_servers[1]) > 0, "channels have moved back");
        ExpectAllHeard();
        Eventually.Equal(() => _servers.Sum(Subscriptions), Channels.Length, "subscriptions at the servers, one for each channel");
    }

    private static int Subscriptions(RedisServer server) => int.Parse(server.Call("PUBSUB", "CHANNELS").Split('\r')[0][1..]);

    private void Start(ProxyFile file)
    {
        _proxy = ProxyProcess.Start(file);
        _subscriber = _proxy.Connect();
        _publisher = _proxy.Connect();
        _subscriber.SendCommand(["SUBSCRIBE", .. Channels]);
        _subscriber.ReadReplies(Channels.Length);
        _subscriber.Call("PSUBSCRIBE", "moving:*");
    }

    /// <summary>Publishes to each channel until the subscriber receives it by channel and by pattern. It hears nothing twice.</summary>
    private void ExpectAllHeard()
    {
        foreach (var channel in Channels)
        {
            var number = 0;
            Eventually.Equal(() => _publisher.Call("PUBLISH", channel, $"{number++}"), ":2\r\n", $"receivers of {channel}");
            _publisher.Call("PUBLISH", channel, "last");
            string[] last = [RespFrame.Array("message", channel, "last"), RespFrame.Array("pmessage", "moving:*", channel, "last")];
            var heard = new List<string>();
            while (!last.All(heard.Contains))
            {
                heard.Add(_subscriber.ReadReply());
            }

            Assert.That(heard, Is.Unique.And.All.Contains($"\r\n{channel}\r\n"));
        }

        Assert.That(_subscriber.Call("PING", "the end"), Is.EqualTo(RespFrame.Array("pong", "the end")), "nothing more");
    }
}
