using Proxy.Resp.Commands;

namespace Proxy.Core.Topology;

/// <summary>
/// How many clients of a pool are subscribed to what, on all workers, and how many subscriptions at the servers stand for them. By it
/// the servers' counts become those of a server that all these clients were connected to. Used from any thread.
/// </summary>
internal sealed class PoolSubscriptions
{
    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], Counts>[] _names =
    [
        new(NameComparer.Instance), new(NameComparer.Instance), new(NameComparer.Instance),
    ];

    private int _total;

    /// <summary>True while nobody is subscribed to anything and no server holds a subscription of ours.</summary>
    public bool IsEmpty => Volatile.Read(ref _total) == 0;

    /// <summary>A client subscribed (1), or no longer is (-1).</summary>
    public void AddSubscriber(ChannelKind kind, byte[] name, int change)
    {
        lock (_lock)
        {
            var counts = CountsOf(kind, name);
            counts.Subscribers += change;
            DropIfUnused(kind, name, counts);
        }
    }

    /// <summary>A server confirmed a subscription of a worker (1), or it ended (-1).</summary>
    public void AddHub(ChannelKind kind, byte[] name, Server server, int change)
    {
        lock (_lock)
        {
            var counts = CountsOf(kind, name);
            counts.Hubs[server] = counts.Hubs.GetValueOrDefault(server) + change;
            if (counts.Hubs[server] == 0)
            {
                counts.Hubs.Remove(server);
            }

            DropIfUnused(kind, name, counts);
        }
    }

    /// <summary>How many received what was published.</summary>
    /// <param name="kind"><see cref="ChannelKind.Channel"/> or <see cref="ChannelKind.Shard"/>.</param>
    /// <param name="channel">Its name.</param>
    /// <param name="server">Where it was published.</param>
    /// <param name="received">What the server says: our subscriptions count once each there.</param>
    public long CorrectPublished(ChannelKind kind, ReadOnlySpan<byte> channel, Server server, long received)
    {
        if (IsEmpty)
        {
            return received;
        }

        lock (_lock)
        {
            var hubs = 0L;
            var subscribers = 0L;
            if (_names[(int)kind].GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(channel, out var counts))
            {
                hubs = counts.Hubs.GetValueOrDefault(server);
                subscribers = counts.Subscribers;
            }

            if (kind == ChannelKind.Channel)
            {
                foreach (var (pattern, matching) in _names[(int)ChannelKind.Pattern])
                {
                    if (GlobPattern.Matches(pattern, channel, ignoreCase: false))
                    {
                        hubs += matching.Hubs.GetValueOrDefault(server);
                        subscribers += matching.Subscribers;
                    }
                }
            }

            return Correct(received, hubs, subscribers);
        }
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
            return _names[(int)kind].GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(channel, out var counts)
                ? Correct(subscribed, counts.Hubs.Values.Sum(), counts.Subscribers)
                : subscribed;
        }
    }

    // A server's number and ours are not of the same moment: a subscription that has just ended must not make it negative.
    private static long Correct(long counted, long hubs, long subscribers) => Math.Max(0, counted - hubs) + subscribers;

    private Counts CountsOf(ChannelKind kind, byte[] name)
    {
        var names = _names[(int)kind];
        if (!names.TryGetValue(name, out var counts))
        {
            counts = new Counts();
            names.Add(name, counts);
            Volatile.Write(ref _total, _total + 1);
        }

        return counts;
    }

    private void DropIfUnused(ChannelKind kind, byte[] name, Counts counts)
    {
        if (counts.Subscribers == 0 && counts.Hubs.Count == 0)
        {
            _names[(int)kind].Remove(name);
            Volatile.Write(ref _total, _total - 1);
        }
    }

    private sealed class Counts
    {
        public int Subscribers { get; set; }

        /// <summary>Workers that are subscribed at each server.</summary>
        public Dictionary<Server, int> Hubs { get; } = [];
    }
}
