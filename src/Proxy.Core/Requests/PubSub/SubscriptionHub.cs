using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.PubSub;

/// <summary>
/// One worker's subscriptions in one pool, for all its clients.
/// <code>
///   client ─ SubscriberState ─ Subscription ─┐
///   client ─ SubscriberState ─ Subscription ─┴─ HubChannel ─ HubRoute ─ HubLink ══ server
/// </code>
/// A message comes once and is appended to the output of each who is subscribed. Used on the worker's loop only.
/// </summary>
internal sealed class SubscriptionHub
{
    private readonly Worker _worker;
    private readonly PoolConnections _pool;
    private readonly Dictionary<Server, HubLink> _links = [];
    private readonly Dictionary<byte[], HubChannel>[] _channels =
    [
        new(NameComparer.Instance), new(NameComparer.Instance), new(NameComparer.Instance),
    ];

    private PoolSnapshot _snapshot;

    public SubscriptionHub(Worker worker, PoolConnections pool)
    {
        _worker = worker;
        _pool = pool;
        _snapshot = pool.Snapshot;
    }

    /// <summary>The pool.</summary>
    public PoolConnections Pool => _pool;

    /// <summary>What all workers' clients are subscribed to.</summary>
    public PoolSubscriptions Counts => _pool.Pool.Subscriptions;

    /// <summary>What the worker counts for the pool.</summary>
    public PoolCounters Counters => _pool.Counters;

    /// <summary>The pool's settings.</summary>
    public PoolModel Model => _snapshot.Model;

    /// <summary>Milliseconds that a server may owe an answer before its connection is given up.</summary>
    public long Patience => (long)Model.TimeoutMs + Model.ServerHardTimeoutMs;

    /// <summary>Milliseconds that it may owe the answer to a client's request.</summary>
    public long PublishPatience => Model.TimeoutMs > 0 ? Model.TimeoutMs : Patience;

    /// <summary>How a link reaches its server. Channels belong to no database.</summary>
    public ServerConnections TargetOf(Server server, int respVersion) => _pool.TargetOf(server, new Lane(Database: 0, respVersion));

    /// <summary>Adds the names of a SUBSCRIBE, PSUBSCRIBE or SSUBSCRIBE to those that <paramref name="request"/> is about.</summary>
    public void Name(ConfirmationWait request, ChannelKind kind, in RequestFrame frame)
    {
        for (var i = 1; i < frame.Count; i++)
        {
            request.Add(ChannelOf(kind, frame[i]));
        }
    }

    /// <summary>Has the servers confirm what <paramref name="request"/> names.</summary>
    public void Start(ConfirmationWait request)
    {
        TakeUpSnapshot();
        Server? awaited = null;
        foreach (var channel in request.Channels)
        {
            GoHome(channel);
            if (channel.Routes.Count == 0)
            {
                request.Fail(new BackendFailure(FailureKind.AllEjected, _snapshot.Shards[0].Primary));
                return;
            }

            foreach (var route in channel.Routes)
            {
                if (!route.IsHome || route.IsReady)
                {
                    continue;
                }

                if (route.Link.Ensure() is { } failure)
                {
                    request.Fail(failure);
                    return;
                }

                awaited ??= route.Link.Server;
                request.WaitFor(route);
            }
        }

        request.Start(
            awaited ?? _snapshot.Shards[0].Primary,
            TimeSpan.FromMilliseconds(Model.TimeoutMs > 0 ? Model.TimeoutMs : Model.ServerHardTimeoutMs));
    }

    /// <summary>The link to a server if it can be published over it now; else null.</summary>
    public HubLink? PublishingLinkTo(Server server) => _links.TryGetValue(server, out var link) && link.MayPublish ? link : null;

    /// <summary>Sends a message to everybody who is subscribed to <paramref name="name"/>.</summary>
    public void Deliver(ChannelKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> message)
    {
        if (_channels[(int)kind].GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var channel))
        {
            channel.Deliver(message);
        }
    }

    /// <summary>Unsubscribes at the servers when nobody is subscribed any more, or about to be.</summary>
    public void ReleaseIfUnused(HubChannel channel)
    {
        if (!channel.IsNeeded)
        {
            foreach (var route in channel.Routes.ToArray())
            {
                route.Link.Unsubscribe(route);
            }

            DropIfUnused(channel);
        }
    }

    /// <summary>Forgets a channel that nobody needs and of which no server knows.</summary>
    public void DropIfUnused(HubChannel channel)
    {
        if (!channel.IsNeeded && channel.Routes.Count == 0)
        {
            _channels[(int)channel.Kind].Remove(channel.Name);
        }
    }

    /// <summary>Unsubscribes where a channel's messages are no longer published, once it is subscribed where they are.</summary>
    public void DropFormerHomes(HubChannel channel)
    {
        if (channel.Routes.TrueForAll(static route => !route.IsHome || route.IsReady))
        {
            foreach (var route in channel.Routes.Where(static route => !route.IsHome).ToArray())
            {
                route.Link.Unsubscribe(route);
            }
        }
    }

    /// <summary>Called every second.</summary>
    /// <returns>False if it is of no use any more.</returns>
    public bool Sweep(long nowMs)
    {
        if (_pool.IsRetired)
        {
            foreach (var channel in AllChannels())
            {
                channel.Abort(ClientCloseReason.Removed);
            }
        }
        else
        {
            TakeUpSnapshot();
        }

        foreach (var (server, link) in _links.ToArray())
        {
            if (!link.Sweep(nowMs))
            {
                _links.Remove(server);
            }
        }

        return _links.Count > 0 || !_pool.IsRetired;
    }

    /// <summary>Homes change when a reload or an ejection does; subscriptions follow.</summary>
    private void TakeUpSnapshot()
    {
        var snapshot = _pool.Snapshot;
        if (!ReferenceEquals(_snapshot, snapshot))
        {
            _snapshot = snapshot;
            foreach (var channel in AllChannels())
            {
                if (channel.IsNeeded)
                {
                    GoHome(channel);
                }
            }
        }
    }

    private void GoHome(HubChannel channel)
    {
        var homes = HomesOf(channel);
        if (homes.Count == 0)
        {
            // No server is live: it stays where it is.
            return;
        }

        foreach (var route in channel.Routes)
        {
            route.IsHome = homes.Contains(route.Link.Server);
        }

        foreach (var server in homes)
        {
            var route = channel.Routes.Find(route => ReferenceEquals(route.Link.Server, server));
            if (route is null)
            {
                route = new HubRoute(channel, LinkTo(server));
                channel.Routes.Add(route);
            }

            route.Link.Subscribe(route);
            _ = route.Link.Ensure();
        }

        DropFormerHomes(channel);
    }

    private List<Server> HomesOf(HubChannel channel)
    {
        var shards = _snapshot.Shards;
        if (channel.IsEverywhere)
        {
            return [.. shards.Select(static shard => shard.Primary).Where(static server => server.Health.State != ServerState.Ejected)];
        }

        var home = _snapshot.Channels.Route(channel.Name);
        return home < 0 ? [] : [shards[home].Primary];
    }

    private HubChannel ChannelOf(ChannelKind kind, ReadOnlySpan<byte> name)
    {
        var lookup = _channels[(int)kind].GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!lookup.TryGetValue(name, out var channel))
        {
            channel = new HubChannel(this, kind, name.ToArray());
            _channels[(int)kind].Add(channel.Name, channel);
        }

        return channel;
    }

    private HubLink LinkTo(Server server)
    {
        if (!_links.TryGetValue(server, out var link))
        {
            link = new HubLink(this, _worker, server);
            _links.Add(server, link);
        }

        return link;
    }

    private HubChannel[] AllChannels() => [.. _channels.SelectMany(static names => names.Values)];
}
