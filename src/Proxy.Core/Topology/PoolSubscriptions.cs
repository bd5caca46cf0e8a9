using Proxy.Resp.Commands;

namespace Proxy.Core.Topology;

/// <summary>
/// How many clients of a pool are subscribed to what, on all workers, and how many subscriptions at the servers stand for them. By it
/// the servers' counts become those of a server that all these clients were connected to. Used from any thread.
/// </summary>
internal sealed class PoolSubscriptions
{
    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], Dictionary<Server, SubscriptionCounts>>[] _names =
    [
        new(NameComparer.Instance), new(NameComparer.Instance), new(NameComparer.Instance),
    ];

    private int _total;

    /// <summary>True while nobody is subscribed to anything and no server holds a subscription of ours.</summary>
    public bool IsEmpty => Volatile.Read(ref _total) == 0;

    /// <summary>What stands behind our subscriptions at a server changed.</summary>
    /// <param name="kind">Channel, pattern or shard channel.</param>
    /// <param name="name">Kept if it is new.</param>
    /// <param name="server">Where.</param>
    /// <param name="hubs">Workers that the server confirmed a subscription to, more than before.</param>
    /// <param name="subscribers">Clients of such workers, more than before.</param>
    public void Change(ChannelKind kind, byte[] name, Server server, int hubs, int subscribers)
    {
        lock (_lock)
        {
            var names = _names[(int)kind];
            if (!names.TryGetValue(name, out var servers))
            {
                servers = [];
                names.Add(name, servers);
                Volatile.Write(ref _total, _total + 1);
            }

            var before = servers.GetValueOrDefault(server);
            var now = new SubscriptionCounts(before.Hubs + hubs, before.Subscribers + subscribers);
            if (now != default)
            {
                servers[server] = now;
                return;
            }

            servers.Remove(server);
            if (servers.Count == 0)
            {
                names.Remove(name);
                Volatile.Write(ref _total, _total - 1);
            }
        }
    }

    /// <summary>Who of ours receives what is published.</summary>
    /// <param name="kind"><see cref="ChannelKind.Channel"/> or <see cref="ChannelKind.Shard"/>.</param>
    /// <param name="channel">Its name.</param>
    /// <param name="server">Where it is published.</param>
    public SubscriptionCounts CountAt(ChannelKind kind, ReadOnlySpan<byte> channel, Server server)
    {
        var ours = default(SubscriptionCounts);
        if (IsEmpty)
        {
            return ours;
        }

        lock (_lock)
        {
            if (_names[(int)kind].GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(channel, out var servers))
            {
                ours = servers.GetValueOrDefault(server);
            }

            if (kind == ChannelKind.Channel)
            {
                foreach (var (pattern, matching) in _names[(int)ChannelKind.Pattern])
                {
                    if (GlobPattern.Matches(pattern, channel, ignoreCase: false))
                    {
                        var more = matching.GetValueOrDefault(server);
                        ours = new SubscriptionCounts(ours.Hubs + more.Hubs, ours.Subscribers + more.Subscribers);
                    }
                }
            }
        }

        return ours;
    }

    /// <summary>How many received what was published.</summary>
    /// <param name="kind"><see cref="ChannelKind.Channel"/> or <see cref="ChannelKind.Shard"/>.</param>
    /// <param name="channel">Its name.</param>
    /// <param name="server">Where it was published.</param>
    /// <param name="received">What the server says: our subscriptions count once each there.</param>
    /// <param name="before">
    /// <see cref="CountAt"/> when it was published. Some may have ended since, not least because of what was published: that the server
    /// still counted them, and they heard it, is likelier than that as many others came.
    /// </param>
    public long CorrectPublished(
        ChannelKind kind, ReadOnlySpan<byte> channel, Server server, long received, SubscriptionCounts before)
    {
        var ours = CountAt(kind, channel, server);
        return Correct(received, Math.Max(ours.Hubs, before.Hubs), Math.Max(ours.Subscribers, before.Subscribers));
    }

    /// <summary>How many are subscribed to a channel.</summary>
    /// <param name="kind"><see cref="ChannelKind.Channel"/> or <see cref="ChannelKind.Shard"/>.</param>
    /// <param name="channel">Its name.</param>
    /// <param name="subscribed">What all servers together say.</param>
    public long CorrectSubscribed(ChannelKind kind, ReadOnlySpan<byte> channel, long subscribed)
    {
        if (IsEmpty)
        {
            return subscribed;
        }

        lock (_lock)
        {
            return _names[(int)kind].GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(channel, out var servers)
                ? Correct(subscribed, servers.Values.Sum(counts => counts.Hubs), servers.Values.Max(counts => counts.Subscribers))
                : subscribed;
        }
    }

    // A server's number and ours are not of the same moment: where it counts nobody, nobody is there, whatever has not come to us yet.
    private static long Correct(long counted, long hubs, long subscribers) =>
        counted == 0 ? 0 : Math.Max(0, counted - hubs) + subscribers;
}
