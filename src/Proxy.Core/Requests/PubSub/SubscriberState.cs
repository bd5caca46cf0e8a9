using Proxy.Core.Backends;
using Proxy.Core.Model;
using Proxy.Core.Topology;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.PubSub;

/// <summary>What one client is subscribed to.</summary>
internal sealed class SubscriberState
{
    private readonly ClientSession _client;
    private readonly Dictionary<byte[], Subscription>[] _names =
    [
        new(NameComparer.Instance), new(NameComparer.Instance), new(NameComparer.Instance),
    ];

    public SubscriberState(ClientSession client)
    {
        _client = client;
    }

    /// <summary>True while there is nothing.</summary>
    public bool IsEmpty => Channels + Patterns + ShardChannels == 0;

    public int Channels => _names[(int)ChannelKind.Channel].Count;

    public int Patterns => _names[(int)ChannelKind.Pattern].Count;

    public int ShardChannels => _names[(int)ChannelKind.Shard].Count;

    /// <summary>What Redis tells a client when it subscribed or unsubscribed: channels and patterns together, shard channels by themselves.</summary>
    public int CountOf(ChannelKind kind) => kind == ChannelKind.Shard ? ShardChannels : Channels + Patterns;

    /// <summary>The names of that kind, copied.</summary>
    public byte[][] NamesOf(ChannelKind kind) => [.. _names[(int)kind].Keys];

    /// <summary>Subscribes, unless it is already.</summary>
    public void Add(HubChannel channel)
    {
        var names = _names[(int)channel.Kind];
        if (!names.ContainsKey(channel.Name))
        {
            names.Add(channel.Name, channel.Add(_client));
            RefreshGate();
        }
    }

    /// <summary>Unsubscribes, if it is subscribed.</summary>
    public void Remove(ChannelKind kind, ReadOnlySpan<byte> name)
    {
        if (_names[(int)kind].GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out _, out var subscription))
        {
            subscription.Channel.Remove(subscription);
            RefreshGate();
        }
    }

    /// <summary>Whether the client itself is sent what is published to that channel.</summary>
    public bool Hears(ChannelKind kind, ReadOnlySpan<byte> channel)
    {
        if (_names[(int)kind].GetAlternateLookup<ReadOnlySpan<byte>>().ContainsKey(channel))
        {
            return true;
        }

        if (kind == ChannelKind.Channel)
        {
            foreach (var pattern in _names[(int)ChannelKind.Pattern].Keys)
            {
                if (GlobPattern.Matches(pattern, channel, ignoreCase: false))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether all of it is in that pool.</summary>
    public bool AreIn(PoolConnections pool) =>
        Array.TrueForAll(_names, names => names.Values.All(subscription => ReferenceEquals(subscription.Channel.Hub.Pool, pool)));

    /// <summary>Whether a user may hear all of it.</summary>
    public bool AreAllowedTo(UserModel user) =>
        _names[(int)ChannelKind.Channel].Keys.Concat(_names[(int)ChannelKind.Shard].Keys).All(name => user.AllowsChannel(name, isPattern: false))
        && _names[(int)ChannelKind.Pattern].Keys.All(name => user.AllowsChannel(name, isPattern: true));

    /// <summary>In version 2 of RESP a client with subscriptions may do little else.</summary>
    public void RefreshGate() => _client.SetGate(Sessions.SessionGate.Subscriber, _client.RespVersion < 3 && !IsEmpty);

    /// <summary>Unsubscribes from everything without a word.</summary>
    public void End()
    {
        foreach (var names in _names)
        {
            var all = names.Values.ToArray();
            names.Clear();
            foreach (var subscription in all)
            {
                subscription.Channel.Remove(subscription);
            }
        }

        RefreshGate();
    }
}
