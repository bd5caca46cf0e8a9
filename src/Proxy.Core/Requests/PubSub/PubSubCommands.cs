using System.Buffers;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.PubSub;

/// <summary>
/// The commands of Pub/Sub that name channels. Publishing goes to the channel's server like any request; subscribing goes over connections
/// that all of the worker's clients share (<see cref="SubscriptionHub"/>). One per worker.
/// </summary>
internal sealed class PubSubCommands
{
    private readonly Worker _worker;
    private readonly PendingRequests _pending;
    private readonly FreeList<PublishRequest> _publishes = new(static home => new PublishRequest(home));
    private readonly Dictionary<PoolConnections, SubscriptionHub> _hubs = [];

    /// <param name="worker">The worker.</param>
    /// <param name="pending">The worker's.</param>
    public PubSubCommands(Worker worker, PendingRequests pending)
    {
        _worker = worker;
        _pending = pending;
        worker.AddSweep(Sweep);
    }

    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame) =>
        command.Local switch
        {
            LocalCommand.Publish => Publish(client, pool, snapshot, command, ChannelKind.Channel, frame),
            LocalCommand.SPublish => Publish(client, pool, snapshot, command, ChannelKind.Shard, frame),
            LocalCommand.Subscribe => Subscribe(client, pool, snapshot, command, ChannelKind.Channel, frame),
            LocalCommand.PSubscribe => Subscribe(client, pool, snapshot, command, ChannelKind.Pattern, frame),
            LocalCommand.SSubscribe => Subscribe(client, pool, snapshot, command, ChannelKind.Shard, frame),
            LocalCommand.Unsubscribe => Unsubscribe(client, command, ChannelKind.Channel, frame),
            LocalCommand.PUnsubscribe => Unsubscribe(client, command, ChannelKind.Pattern, frame),
            _ => Unsubscribe(client, command, ChannelKind.Shard, frame),
        };

    private bool Subscribe(
        ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, ChannelKind kind, in RequestFrame frame)
    {
        if (client.PutBack())
        {
            return false;
        }

        if (_worker.Memory.IsExhausted)
        {
            _pending.Refuse(client, command, RequestErrorReason.MemoryLimit, Replies.MemoryLimit);
        }
        else if (!snapshot.AnyLive)
        {
            _pending.Begin(client, command).Fail(new BackendFailure(FailureKind.AllEjected, snapshot.Shards[0].Primary));
        }
        else
        {
            HubOf(pool).Subscribe(client, _pending.Begin(client, command), kind, frame);
        }

        return true;
    }

    private bool Unsubscribe(ClientSession client, CommandInfo command, ChannelKind kind, in RequestFrame frame)
    {
        if (client.PutBack())
        {
            return false;
        }

        var confirmations = new ArrayBufferWriter<byte>();
        var names = frame.Count > 1 ? NamesIn(frame) : client.Subscriptions?.NamesOf(kind) ?? [];
        foreach (var name in names)
        {
            client.Subscriptions?.Remove(kind, name);
            Confirmation.Write(confirmations, client, subscribed: false, kind, name);
        }

        if (names.Length == 0)
        {
            Confirmation.Write(confirmations, client, subscribed: false, kind, name: null);
        }

        Confirmation.Send(client, _pending.Begin(client, command), confirmations.WrittenSpan);
        return true;
    }

    private bool Publish(
        ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, ChannelKind kind, in RequestFrame frame)
    {
        var home = snapshot.Channels.Route(frame[1]);
        if (home < 0)
        {
            _pending.Begin(client, command).Fail(new BackendFailure(FailureKind.AllEjected, snapshot.Shards[0].Primary));
            return true;
        }

        var server = snapshot.Shards[home].Primary;
        if (_worker.Memory.IsExhausted)
        {
            _pending.Refuse(client, command, RequestErrorReason.MemoryLimit, Replies.MemoryLimit);
            return true;
        }

        if (client.Subscriptions is { IsEmpty: false } subscriptions
            && subscriptions.Hears(kind, frame[1])
            && HubOf(pool).ReadyLinkTo(server) is { } link)
        {
            if (client.PutBack())
            {
                return false;
            }

            var own = Begin(_pending.Begin(client, command), pool, kind, frame[1], server);
            own.HoldClient();
            client.EarlierServers |= server.Bit;
            link.Publish(frame.Bytes, own);
            return true;
        }

        var pending = _pending.Begin(client, command);
        var connection = client.LaneIn(pool).For(home, client.Id);
        if (connection.Accept() is { } failure)
        {
            pending.Fail(failure);
            return true;
        }

        client.WrittenServers |= connection.ServerBit;
        connection.Output.Append(frame.Bytes);
        connection.Enqueue(Begin(pending, pool, kind, frame[1], server), frame.Bytes.Length);
        if (connection.IsCongested)
        {
            client.WaitFor(connection);
        }

        return true;
    }

    private PublishRequest Begin(PendingRequest pending, PoolConnections pool, ChannelKind kind, ReadOnlySpan<byte> channel, Server server)
    {
        var request = _publishes.Take();
        request.Begin(pending, kind, channel, server, pool.Pool.Subscriptions);
        return request;
    }

    private SubscriptionHub HubOf(PoolConnections pool)
    {
        if (!_hubs.TryGetValue(pool, out var hub))
        {
            hub = new SubscriptionHub(_worker, pool);
            _hubs.Add(pool, hub);
        }

        return hub;
    }

    private void Sweep(long nowMs)
    {
        foreach (var (pool, hub) in _hubs.ToArray())
        {
            if (!hub.Sweep(nowMs))
            {
                _hubs.Remove(pool);
            }
        }
    }

    private static byte[][] NamesIn(in RequestFrame frame)
    {
        var names = new byte[frame.Count - 1][];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = frame[i + 1].ToArray();
        }

        return names;
    }
}
