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
    private readonly SubscriptionHubs _hubs;

    /// <param name="worker">The worker.</param>
    /// <param name="pending">The worker's.</param>
    /// <param name="hubs">The worker's.</param>
    public PubSubCommands(Worker worker, PendingRequests pending, SubscriptionHubs hubs)
    {
        _worker = worker;
        _pending = pending;
        _hubs = hubs;
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

    /// <summary>
    /// Writes the answer to PING for a client that is subscribed and speaks version 2 of RESP: in the form of the messages, so that it can be
    /// told from them.
    /// </summary>
    public static void WritePong(IBufferWriter<byte> output, in RequestFrame ping)
    {
        RespWriter.ArrayHeader(output, 2);
        RespWriter.Bulk(output, "pong"u8);
        RespWriter.Bulk(output, ping.Count == 2 ? ping[1] : default);
    }

    /// <summary>Ends subscriptions of a client.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="kind">What the frame names.</param>
    /// <param name="frame">UNSUBSCRIBE, PUNSUBSCRIBE or SUNSUBSCRIBE: with names, or all.</param>
    /// <param name="confirmations">Takes what the client is told.</param>
    public static void Unsubscribe(ClientSession client, ChannelKind kind, in RequestFrame frame, IBufferWriter<byte> confirmations)
    {
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
    }

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
            var hub = _hubs.Of(pool);
            var request = new SubscribeRequest(client, _pending.Begin(client, command), kind);
            hub.Name(request, kind, frame);
            hub.Start(request);
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
        Unsubscribe(client, kind, frame, confirmations);
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

        // The link is nobody's in particular: who runs as another user at the servers publishes as that one.
        if (client.Subscriptions is { IsEmpty: false } subscriptions
            && subscriptions.Hears(kind, frame[1])
            && client.LaneIn(pool).Lane.User is null
            && _hubs.Of(pool).PublishingLinkTo(server) is { } link)
        {
            if (client.PutBack())
            {
                return false;
            }

            var own = Begin(_pending.Begin(client, command), pool, kind, frame[1], server);
            own.HoldClient();
            client.NoteOtherWrite(server.Bit);
            link.Publish(frame.Bytes, own);
            return true;
        }

        var pending = _pending.Begin(client, command);
        if (client.LinksIn(pool).Accept(home, client.Id, out var connection) is { } failure)
        {
            pending.Fail(failure);
            return true;
        }

        client.NoteWrite(connection);
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
