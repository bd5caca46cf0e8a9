using System.Text;
using NUnit.Framework;
using Proxy.Core.Topology;

namespace Proxy.Core.Tests.Topology;

public sealed class PoolSubscriptionsTests
{
    private readonly Server _server = TestServers.New();
    private PoolSubscriptions _subscriptions = null!;

    [SetUp]
    public void Begin() => _subscriptions = new PoolSubscriptions();

    [Test]
    public void Nobody_NumbersOfServersStand()
    {
        Assert.That(_subscriptions.IsEmpty);
        Assert.That(Published("a", 3), Is.EqualTo(3));
    }

    [Test]
    public void ThreeClientsOfTwoWorkers_StandInPlaceOfTwoSubscriptions()
    {
        Add(ChannelKind.Channel, "a", hubs: 2, subscribers: 3);

        Assert.That(Published("a", 2), Is.EqualTo(3));
        Assert.That(Published("a", 4), Is.EqualTo(5), "two others are subscribed at the server");
        Assert.That(Published("b", 1), Is.EqualTo(1), "another channel");
    }

    [Test]
    public void MatchingPatterns_CountAsWell()
    {
        Add(ChannelKind.Channel, "ab", hubs: 1, subscribers: 2);
        Add(ChannelKind.Pattern, "a*", hubs: 1, subscribers: 4);
        Add(ChannelKind.Pattern, "b*", hubs: 1, subscribers: 8);

        Assert.That(Published("ab", 2), Is.EqualTo(6));
    }

    [Test]
    public void ShardChannels_AreCountedByThemselves()
    {
        Add(ChannelKind.Channel, "a", hubs: 1, subscribers: 2);
        Add(ChannelKind.Pattern, "a", hubs: 1, subscribers: 4);
        Add(ChannelKind.Shard, "a", hubs: 1, subscribers: 8);

        Assert.That(_subscriptions.CorrectPublished(ChannelKind.Shard, "a"u8, _server, 1, before: default), Is.EqualTo(8));
        Assert.That(_subscriptions.CorrectSubscribed(ChannelKind.Shard, "a"u8, 1), Is.EqualTo(8));
    }

    [Test]
    public void SubscriptionsAtAnotherServer_DoNotReceiveWhatIsPublishedHere()
    {
        Add(ChannelKind.Channel, "a", hubs: 1, subscribers: 1);
        _subscriptions.Change(ChannelKind.Channel, Name("a"), TestServers.New(), hubs: 1, subscribers: 1);

        Assert.That(Published("a", 1), Is.EqualTo(1));
        Assert.That(_subscriptions.CorrectSubscribed(ChannelKind.Channel, "a"u8, 2), Is.EqualTo(1));
    }

    [TestCase(0, 3)]
    [TestCase(1, 3)]
    [TestCase(2, 0)]
    public void ServerThatCountsNobody_IsRight(int hubs, int subscribers)
    {
        Add(ChannelKind.Channel, "a", hubs, subscribers);

        Assert.That(Published("a", 0), Is.Zero);
        Assert.That(_subscriptions.CorrectSubscribed(ChannelKind.Channel, "a"u8, 0), Is.Zero);
    }

    [Test]
    public void SubscriptionThatTheServerDoesNotCountYet_DoesNotMakeItNegative()
    {
        Add(ChannelKind.Channel, "a", hubs: 2, subscribers: 0);

        Assert.That(Published("a", 1), Is.Zero);
    }

    [Test]
    public void SubscriptionsThatEndedSinceItWasPublished_AreReceivers()
    {
        Add(ChannelKind.Channel, "a", hubs: 1, subscribers: 2);
        Add(ChannelKind.Pattern, "a*", hubs: 1, subscribers: 2);
        var before = _subscriptions.CountAt(ChannelKind.Channel, "a"u8, _server);
        Add(ChannelKind.Channel, "a", hubs: -1, subscribers: -2);
        Add(ChannelKind.Pattern, "a*", hubs: -1, subscribers: -2);

        Assert.That(Published("a", 2, before), Is.EqualTo(4), "the server still counted them: they heard it");
        Assert.That(Published("a", 0, before), Is.Zero);
        Assert.That(Published("a", 3, before), Is.EqualTo(5), "another is subscribed at the server");
    }

    [Test]
    public void ClientsThatLeftBeforeItWasPublished_AreNoReceivers()
    {
        Add(ChannelKind.Channel, "a", hubs: 1, subscribers: 0);
        var before = _subscriptions.CountAt(ChannelKind.Channel, "a"u8, _server);
        Add(ChannelKind.Channel, "a", hubs: -1, subscribers: 0);

        Assert.That(Published("a", 1, before), Is.Zero, "the server still counted what stood for them");
    }

    [Test]
    public void AllGone_NothingIsLeft()
    {
        Add(ChannelKind.Pattern, "a", hubs: 1, subscribers: 1);

        Add(ChannelKind.Pattern, "a", hubs: 0, subscribers: -1);
        Assert.That(_subscriptions.IsEmpty, Is.False);
        Add(ChannelKind.Pattern, "a", hubs: -1, subscribers: 0);

        Assert.That(_subscriptions.IsEmpty);
    }

    private static byte[] Name(string name) => Encoding.ASCII.GetBytes(name);

    private void Add(ChannelKind kind, string name, int hubs, int subscribers) =>
        _subscriptions.Change(kind, Name(name), _server, hubs, subscribers);

    private long Published(string channel, long received, SubscriptionCounts before = default) =>
        _subscriptions.CorrectPublished(ChannelKind.Channel, Name(channel), _server, received, before);
}
