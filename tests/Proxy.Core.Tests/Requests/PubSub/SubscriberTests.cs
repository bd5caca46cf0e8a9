using System.Text;
using NUnit.Framework;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.PubSub;
using Proxy.Core.Requests.Sessions;
using Proxy.Core.Topology;
using Proxy.Testing;

namespace Proxy.Core.Tests.Requests.PubSub;

/// <summary>Clients that are subscribed, without a server.</summary>
public sealed class SubscriberTests
{
    private TestPool _pool = null!;
    private SubscriptionHub _hub = null!;
    private TestClient _client = null!;

    [SetUp]
    public void Start()
    {
        _pool = new TestPool(Pools.Model() with { SubscriberOutputLimit = 100 });
        _hub = new SubscriptionHub(_pool.Worker, _pool.Connections);
        _client = new TestClient(_pool);
    }

    [TestCase("GET a", "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n")]
    [TestCase("CLIENT ID", "-ERR Can't execute 'client|id': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n")]
    [TestCase("PUBLISH a b", "-ERR Can't execute 'publish': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n")]
    [TestCase("GET", "-ERR wrong number of arguments for 'get' command\r\n")]
    [TestCase("PING", "*2\r\n$4\r\npong\r\n$0\r\n\r\n")]
    [TestCase("PING hi", "*2\r\n$4\r\npong\r\n$2\r\nhi\r\n")]
    [TestCase("PING a b", "-ERR wrong number of arguments for 'ping' command\r\n")]
    [TestCase("UNSUBSCRIBE b a", "*3\r\n$11\r\nunsubscribe\r\n$1\r\nb\r\n:1\r\n*3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:0\r\n")]
    [TestCase("SUNSUBSCRIBE", "*3\r\n$12\r\nsunsubscribe\r\n$-1\r\n:0\r\n")]
    [TestCase("RESET", "+RESET\r\n")]
    [TestCase("QUIT", "+OK\r\n")]
    public void SubscriberInResp2_MayDoLittleElse(string request, string reply)
    {
        Subscribe(_client, ChannelKind.Channel, "a");

        Assert.That(_client.Request(request));

        Assert.That(_client.TakeSent(), Is.EqualTo(reply));
    }

    [Test]
    public void SubscriberInResp3_IsFree_UntilItGoesBackToVersion2()
    {
        _client.ChangeProtocol(3);
        Subscribe(_client, ChannelKind.Channel, "a");
        Assert.That(_client.Gate, Is.EqualTo(SessionGate.None));

        _client.ChangeProtocol(2);

        Assert.That(_client.Gate, Is.EqualTo(SessionGate.Subscriber));
    }

    [Test]
    public void Reset_EndsEverything()
    {
        var channel = Subscribe(_client, ChannelKind.Channel, "a");
        var pattern = Subscribe(_client, ChannelKind.Pattern, "a*");

        _client.Request("RESET");

        Assert.That((_client.Gate, _client.Subscriptions!.IsEmpty), Is.EqualTo((SessionGate.None, true)));
        Assert.That((channel.Subscribers, pattern.Subscribers), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Message_ComesInTheVersionOfEachClient()
    {
        var resp3 = new TestClient(_pool);
        resp3.ChangeProtocol(3);
        var channel = Subscribe(_client, ChannelKind.Channel, "a");
        resp3.Subscriptions = new SubscriberState(resp3);
        resp3.Subscriptions.Add(channel);

        channel.Deliver(">3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nm\r\n"u8);

        Assert.That(_client.TakeSent(), Is.EqualTo(RespFrame.Array("message", "a", "m")));
        Assert.That(resp3.TakeSent(), Is.EqualTo('>' + RespFrame.Array("message", "a", "m")[1..]));
    }

    [Test]
    public void ClientThatTakesNothing_IsClosedAtTheLimit()
    {
        var channel = Subscribe(_client, ChannelKind.Channel, "a");

        for (var i = 0; i < 3 && _client.ClosedFor is null; i++)
        {
            channel.Deliver(">3\r\n$7\r\nmessage\r\n$1\r\na\r\n$20\r\n01234567890123456789\r\n"u8);
        }

        Assert.That(_client.ClosedFor, Is.EqualTo(ClientCloseReason.SubscriberLimit));
    }

    [Test]
    public void ClientThatIsGone_IsSubscribedToNothing()
    {
        var channel = Subscribe(_client, ChannelKind.Channel, "a");

        _client.Leave();

        Assert.That(channel.Subscribers, Is.Zero);
    }

    [TestCase("SUBSCRIBE a b")]
    [TestCase("PSUBSCRIBE a*")]
    public void SubscribeWithoutAServer_HoldsTheClientUntilItsError(string request)
    {
        Assert.That(_client.Request(request));
        Assert.That((_client.TakeSent(), _client.MayTakeRequest), Is.EqualTo(("", false)));

        Eventually.True(
            () =>
            {
                _pool.RunAll();
                return _client.MayTakeRequest;
            },
            "the request is over");

        Assert.That(_client.TakeSent(), Does.Match("^-ERR [^\r]* \\(pool pool, server s[12]\\)\r\n$"));
        Assert.That(_client.Gate, Is.EqualTo(SessionGate.None));
    }

    [TestCase("+OK\r\n", "a reply that nobody asked for")]
    [TestCase(">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n", "a confirmation that nobody asked for")]
    [TestCase(">3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nm\r\n", null)]
    [TestCase(">2\r\n$10\r\ninvalidate\r\n_\r\n", null)]
    public void WhatAServerMaySay(string message, string? problem)
    {
        var link = new HubLink(_hub, _pool.Worker, _pool.Pool.Snapshot.Shards[0].Primary);

        Assert.That(link.OnMessage(Encoding.ASCII.GetBytes(message)), Is.EqualTo(problem));
    }

    private HubChannel Subscribe(TestClient client, ChannelKind kind, string name)
    {
        var channel = new HubChannel(_hub, kind, Encoding.ASCII.GetBytes(name));
        client.Subscriptions ??= new SubscriberState(client);
        client.Subscriptions.Add(channel);
        return channel;
    }
}
