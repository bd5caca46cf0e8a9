using Proxy.Core.Topology;

namespace Proxy.Core.Requests.PubSub;

/// <summary>
/// A channel or pattern that clients of this worker are subscribed to, or are about to be, and its subscriptions at servers: however many
/// clients there are, one at each of its homes.
/// </summary>
internal sealed class HubChannel
{
    private readonly List<Subscription> _subscriptions = [];

    /// <param name="hub">Whose it is.</param>
    /// <param name="kind">Channel, pattern or shard channel.</param>
    /// <param name="name">Kept.</param>
    public HubChannel(SubscriptionHub hub, ChannelKind kind, byte[] name)
    {
        Hub = hub;
        Kind = kind;
        Name = name;
    }

    public SubscriptionHub Hub { get; }

    public ChannelKind Kind { get; }

    public byte[] Name { get; }

    /// <summary>Its subscriptions at servers.</summary>
    public List<HubRoute> Routes { get; } = [];

    /// <summary>SUBSCRIBE commands of clients that name it and are not answered.</summary>
    public int Waiting { get; set; }

    /// <summary>True if somebody is subscribed, or about to be.</summary>
    public bool IsNeeded => _subscriptions.Count > 0 || Waiting > 0;

    /// <summary>Clients that are subscribed.</summary>
    public int Subscribers => _subscriptions.Count;

    /// <summary>Messages can be about its name at every server: the servers' own events, and all patterns.</summary>
    public bool IsEverywhere =>
        Kind == ChannelKind.Pattern
        || (Kind == ChannelKind.Channel && (Name.AsSpan().StartsWith("__keyspace@"u8) || Name.AsSpan().StartsWith("__keyevent@"u8)));

    /// <summary>Subscribes a client.</summary>
    public Subscription Add(ClientSession client)
    {
        var subscription = new Subscription(client, this) { Index = _subscriptions.Count };
        _subscriptions.Add(subscription);
        CountSubscriber(1);
        return subscription;
    }

    /// <summary>Ends a client's subscription.</summary>
    public void Remove(Subscription subscription)
    {
        var last = _subscriptions[^1];
        _subscriptions[subscription.Index] = last;
        last.Index = subscription.Index;
        _subscriptions.RemoveAt(_subscriptions.Count - 1);
        CountSubscriber(-1);
        Hub.ReleaseIfUnused(this);
    }

    /// <summary>Sends a message to everybody who is subscribed.</summary>
    /// <param name="message">As the server sent it, in either version of RESP: they differ in the first byte only.</param>
    public void Deliver(ReadOnlySpan<byte> message)
    {
        Hub.Counters.MessageDelivered(_subscriptions.Count);

        // From the end: a client that is dropped by this is replaced by one that has the message already.
        for (var i = _subscriptions.Count - 1; i >= 0; i--)
        {
            var client = _subscriptions[i].Client;
            client.Push(client.RespVersion >= 3 ? ">"u8 : "*"u8, message[1..]);
        }
    }

    /// <summary>Closes everybody who is subscribed.</summary>
    public void Abort(Metrics.ClientCloseReason reason)
    {
        for (var i = _subscriptions.Count - 1; i >= 0; i = Math.Min(i, _subscriptions.Count) - 1)
        {
            _subscriptions[i].Client.Abort(reason);
        }
    }

    private void CountSubscriber(int change)
    {
        Hub.Counters.SubscriptionsChanged((int)Kind, change);
        foreach (var route in Routes)
        {
            if (route.IsConfirmed)
            {
                Hub.Counts.Change(Kind, Name, route.Link.Server, hubs: 0, change);
            }
        }
    }
}
