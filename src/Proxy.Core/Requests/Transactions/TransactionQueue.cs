using Proxy.Core.Metrics;
using Proxy.Core.Requests.Administration;
using Proxy.Core.Requests.Administration.Information;
using Proxy.Core.Requests.Scripts;
using Proxy.Core.Requests.Sessions;
using Proxy.Core.Topology;
using Proxy.Partitioning;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Transactions;

/// <summary>
/// What becomes of a command between MULTI and EXEC: it is queued, or refused, and then EXEC runs nothing. All keys have to be on one server.
/// </summary>
internal sealed class TransactionQueue
{
    private readonly PendingRequests _pending;
    private readonly KeyPositions _keys;

    public TransactionQueue(PendingRequests pending, KeyPositions keys)
    {
        _pending = pending;
        _keys = keys;
    }

    /// <summary>Takes a command that is allowed to the client and stands between MULTI and EXEC.</summary>
    public void Queue(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        var transaction = client.Transaction!;
        var snapshot = client.Pool.Snapshot;
        if (KindOf(client, transaction, snapshot, command, frame) is not { } kind)
        {
            transaction.Taint();
            if (command.HandlingWith(snapshot.Shards.Length) == CommandHandling.Refuse && (command.Flags & CommandFlags.NoMulti) == 0)
            {
                _pending.RefuseUnsupported(client, command);
            }
            else
            {
                _pending.Refuse(client, command, RequestErrorReason.NotSupported, Replies.NotInTransaction);
            }

            return;
        }

        if (!Fits(client, transaction, snapshot, command, frame)
            || (kind == QueuedKind.Server && !RoutesByKeys(client, transaction, snapshot, command, frame))
            || (kind == QueuedKind.Publish && !Routes(client, transaction, snapshot, command, snapshot.Channels.Route(frame[1]), isChannel: true)))
        {
            transaction.Taint();
            return;
        }

        transaction.Add(kind, command, ScriptFlags.MayReplicate(client, command, frame), frame);
        _pending.Answer(client, command, Replies.Queued);
    }

    /// <summary>Finds the shard of a transaction whose commands were queued under a snapshot that no longer holds.</summary>
    /// <returns>False if its keys are on several servers now, or one on none.</returns>
    public bool Reroute(TransactionState transaction, PoolSnapshot snapshot)
    {
        var frames = new QueuedFrames(transaction.ServerBytes);
        var shard = TransactionState.NoShard;
        var isOfChannel = false;
        var isRandom = snapshot.Model.Distribution == Distribution.Random;
        foreach (var queued in transaction.Commands)
        {
            if (queued.Kind is QueuedKind.Local or QueuedKind.Refused)
            {
                continue;
            }

            var frame = frames.Next();
            var isChannel = queued.Kind == QueuedKind.Publish;
            if (!isChannel && KeyFinder.Find(queued.Command, frame, _keys) != KeySearch.Found)
            {
                continue;
            }

            var other = isChannel ? snapshot.Channels.Route(frame[1]) : ShardFinder.Of(snapshot, _keys, frame);
            if (other < 0 || (queued.Command.KeyMethod == KeyMethod.Sort && !SortPatterns.Refusal(snapshot, other, frame).IsEmpty))
            {
                return false;
            }

            if (shard == TransactionState.NoShard || (isRandom && isChannel && !isOfChannel))
            {
                shard = other;
                isOfChannel = isChannel;
            }
            else if (shard != other && (!isRandom || isChannel))
            {
                return false;
            }
        }

        transaction.Shard = shard;
        transaction.IsShardOfChannel = isOfChannel;
        transaction.Snapshot = snapshot;
        return true;
    }

    /// <summary>Who answers it; null if it cannot be part of a transaction.</summary>
    private static QueuedKind? KindOf(
        ClientSession client, TransactionState transaction, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        switch (command.HandlingWith(snapshot.Shards.Length))
        {
            case CommandHandling.Channel:
                return command.Local is LocalCommand.Publish or LocalCommand.SPublish ? QueuedKind.Publish : QueuedKind.Local;
            case CommandHandling.AllServers when command.Local is LocalCommand.PubSubNumSub or LocalCommand.PubSubShardNumSub:
                return snapshot.Shards.Length == 1 ? QueuedKind.CountSubscribers : null;
            case CommandHandling.FirstServer when (command.Flags & CommandFlags.NoMulti) != 0:
            case CommandHandling.FirstServer when command.Local == LocalCommand.ConfigSet && ServerPassword.LocksOut(snapshot.Model, frame):
                return null;
            case CommandHandling.Forward or CommandHandling.Split or CommandHandling.Block or CommandHandling.Wait or CommandHandling.FirstServer:
            case CommandHandling.AllServers or CommandHandling.Script when snapshot.Shards.Length == 1:
                return QueuedKind.Server;
            case CommandHandling.Join when command.Local == LocalCommand.Info:
                return snapshot.Shards.Length == 1 && !InfoQuestion.Of(frame).IsAboutProxyOnly ? QueuedKind.Info : QueuedKind.Local;
            case CommandHandling.Join when command.Local == LocalCommand.Debug:
                return DebugCommand.MayBeInTransaction(frame[1], snapshot.Shards.Length) ? QueuedKind.Server : null;
            case CommandHandling.Answer:
                return QueuedKind.Local;
            case CommandHandling.Session:
                return command.Local switch
                {
                    LocalCommand.Select => QueuedKind.Select,
                    // All of a transaction runs at once: whoever guesses passwords has to do it one by one.
                    LocalCommand.Auth or LocalCommand.Hello when !AuthCommand.HasPatience(client, transaction.Logins) => null,
                    LocalCommand.Unwatch or LocalCommand.Auth or LocalCommand.Monitor => QueuedKind.Local,
                    LocalCommand.Hello when !ChangesVersion(client, frame) => QueuedKind.Local,
                    _ => null,
                };
            default:
                return null;
        }
    }

    private static bool ChangesVersion(ClientSession client, in RequestFrame frame) =>
        frame.Count > 1 && RedisInteger.TryParse(frame[1], out var version) && version is 2 or 3 && version != client.RespVersion;

    private bool Fits(ClientSession client, TransactionState transaction, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        if (client.Worker.Memory.IsExhausted)
        {
            _pending.Refuse(client, command, RequestErrorReason.MemoryLimit, Replies.MemoryLimit);
            return false;
        }

        if (transaction.Length + frame.Bytes.Length > snapshot.Model.MaxRequestSize)
        {
            var pending = _pending.Begin(client, command);
            client.Counters.RequestFailed(RequestErrorReason.TooLarge);
            Replies.TransactionTooLarge(pending.Writer, snapshot.Model.Name);
            pending.FinishWritten();
            return false;
        }

        return true;
    }

    // Where Redis cannot find keys it queues the command all the same, and says what is wrong with it in EXEC's reply.
    private bool RoutesByKeys(
        ClientSession client, TransactionState transaction, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        if (KeyFinder.Find(command, frame, _keys) != KeySearch.Found)
        {
            return true;
        }

        var shard = ShardFinder.Of(snapshot, _keys, frame);
        if (shard == ShardFinder.None)
        {
            _pending.RefuseHomelessKey(client, snapshot, command);
            return false;
        }

        if (command.KeyMethod == KeyMethod.Sort && shard >= 0 && SortPatterns.Refusal(snapshot, shard, frame) is { IsEmpty: false } refusal)
        {
            _pending.Refuse(client, command, RequestErrorReason.Crossslot, refusal);
            return false;
        }

        return Routes(client, transaction, snapshot, command, shard, isChannel: false);
    }

    /// <summary>Whether the transaction can run where the command's keys, or its channel, are.</summary>
    private bool Routes(
        ClientSession client, TransactionState transaction, PoolSnapshot snapshot, CommandInfo command, int shard, bool isChannel)
    {
        if (isChannel && shard < 0)
        {
            // No server is live: EXEC says so.
            return true;
        }

        var isKnown = ReferenceEquals(transaction.Snapshot, snapshot) || transaction.Snapshot is null || transaction.IsDirty;
        if (shard == ShardFinder.Several
            || (!isKnown && !Reroute(transaction, snapshot))
            || !Agrees(client, transaction, snapshot, shard, isChannel))
        {
            _pending.Refuse(client, command, RequestErrorReason.Crossslot, Replies.CrossSlot);
            return false;
        }

        return true;
    }

    private static bool Agrees(ClientSession client, TransactionState transaction, PoolSnapshot snapshot, int shard, bool isChannel)
    {
        if (transaction.Shard == TransactionState.NoShard)
        {
            transaction.Shard = shard;
            transaction.Snapshot = snapshot;
            transaction.IsShardOfChannel = isChannel;
        }

        if (shard == transaction.Shard)
        {
            transaction.IsShardOfChannel |= isChannel;
            return true;
        }

        // Keys can be anywhere there, channels cannot.
        if (snapshot.Model.Distribution != Distribution.Random || (isChannel && (transaction.IsShardOfChannel || client.Watch is not null)))
        {
            return false;
        }

        if (isChannel)
        {
            transaction.Shard = shard;
            transaction.IsShardOfChannel = true;
        }

        return true;
    }
}
