using System.Globalization;
using System.Text;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Core.Requests.PubSub;
using Proxy.Core.Requests.Scripts;
using Proxy.Core.Requests.Sessions;
using Proxy.Core.Requests.Users;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Transactions;

/// <summary>
/// MULTI, EXEC and DISCARD.
/// <code>
///   MULTI      SET a 1     GET a         EXEC ──▶  server:  MULTI · SET a 1 · GET a · EXEC      in one piece
///   +OK        +QUEUED     +QUEUED       *2 +OK $1 1  ◀──────  +OK   +QUEUED   +QUEUED   *2 +OK $1 1
/// </code>
/// The piece goes over the connection that the client shares with others: it is whole, so that nobody's request comes in between. After WATCH
/// it goes over the connection on which the keys are watched.
/// </summary>
internal sealed class TransactionCommands
{
    private readonly PendingRequests _pending;
    private readonly TransactionQueue _queue;
    private readonly TransactionComposer _composer;
    private readonly ExecPermissions _permissions;
    private readonly WatchCommands _watches;
    private readonly SubscriptionHubs _hubs;
    private readonly ScriptLoader _scripts;
    private readonly FreeList<ExecRequest> _execs = new(static home => new ExecRequest(home));

    public TransactionCommands(
        PendingRequests pending,
        KeyPositions keys,
        LocalCommands local,
        HelloCommand hello,
        Permissions permissions,
        SubscriptionHubs hubs,
        ScriptLoader scripts)
    {
        _hubs = hubs;
        _scripts = scripts;
        _pending = pending;
        _queue = new TransactionQueue(pending, keys);
        _watches = new WatchCommands(pending, keys);
        _composer = new TransactionComposer(local, hello);
        _permissions = new ExecPermissions(permissions);
    }

    /// <summary>Whether a command is queued while a transaction is open, and not taken at once.</summary>
    public static bool IsQueued(CommandInfo command) => command.Local is not (
        LocalCommand.Multi or LocalCommand.Exec or LocalCommand.Discard or LocalCommand.Watch or LocalCommand.Quit or LocalCommand.Reset);

    /// <inheritdoc cref="TransactionQueue.Queue"/>
    public void Queue(ClientSession client, CommandInfo command, in RequestFrame frame) => _queue.Queue(client, command, frame);

    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        switch (command.Local)
        {
            case LocalCommand.Multi when client.Transaction is not null:
                _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.NestedMulti);
                return true;
            case LocalCommand.Multi:
                client.BeginTransaction();
                client.Transaction!.BeginWord = WordOf(frame, TransactionState.Multi);
                _pending.Answer(client, command, Replies.Ok);
                return true;
            case LocalCommand.Discard when client.Transaction is null:
                _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.DiscardWithoutMulti);
                return true;
            case LocalCommand.Discard:
                client.EndTransaction();
                _pending.Answer(client, command, Replies.Ok);
                return true;
            case LocalCommand.Watch when client.Transaction is not null:
                _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.WatchInMulti);
                return true;
            case LocalCommand.Watch:
                return _watches.Watch(client, command, frame);
            case LocalCommand.Unwatch:
                return _watches.Unwatch(client, command);
            default:
                return Exec(client, command, frame);
        }
    }

    /// <summary>The word as the client wrote it, for who sees it in MONITOR.</summary>
    private static byte[] WordOf(in RequestFrame frame, byte[] usual) => frame[0].SequenceEqual(usual) ? usual : frame[0].ToArray();

    private bool Exec(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        if (client.Transaction is not { } transaction)
        {
            _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.ExecWithoutMulti);
            return true;
        }

        if (transaction.IsDirty || HasDenied(client.Model, transaction))
        {
            client.EndTransaction();
            _pending.Answer(client, command, Replies.ExecAbortedByErrors);
            return true;
        }

        _permissions.Check(client, transaction);

        // Some of its commands change what the client's other requests depend on, as SELECT and HELLO do.
        if ((transaction.IsComposed || client.Watch is not null) && client.PutBack())
        {
            return false;
        }

        if (transaction.Subscribes && !IsPrepared(client, transaction))
        {
            return false;
        }

        if (transaction.ServerCommands == 0 && client.Watch is null)
        {
            AnswerHere(client, command, transaction);
            return true;
        }

        var pool = client.Pool;
        var snapshot = pool.Snapshot;
        if (client.Tracking?.StartsAnewIn(pool) == true && client.PutBack())
        {
            return false;
        }

        // What is watched over a tracking client's own connection is lost with that.
        client.Tracking?.TakeUp(pool);
        if (client.IsClosing)
        {
            return true;
        }

        if (!_pending.MayReachServer(client, snapshot, command))
        {
            client.EndTransaction();
            return true;
        }

        if (!FindShard(client, command, transaction, snapshot))
        {
            return true;
        }

        if (client.Watch is { } watch
            && (transaction.Shard < 0 || !ReferenceEquals(watch.Lease?.Server, snapshot.Shards[transaction.Shard].Primary)))
        {
            // Nobody knows whether the keys changed. Redis says so where it does not know either.
            client.EndTransaction();
            var pending = _pending.Begin(client, command);
            RespWriter.NullArray(pending.Writer, client.RespVersion);
            pending.FinishWritten();
            return true;
        }

        transaction.EndWord = WordOf(frame, TransactionState.Exec);
        return Send(client, pool, command, transaction);
    }

    /// <summary>Whether a reload denied one of its commands since that was queued.</summary>
    private static bool HasDenied(PoolModel model, TransactionState transaction)
    {
        if (ReferenceEquals(model.DenyCommands, transaction.Denied))
        {
            return false;
        }

        transaction.Denied = model.DenyCommands;
        return transaction.Commands.Any(queued => model.Denies(queued.Command));
    }

    /// <summary>Whether the servers confirmed what it subscribes to, or one did not; else the client is held until then.</summary>
    private bool IsPrepared(ClientSession client, TransactionState transaction)
    {
        if (transaction.Subscriptions is null)
        {
            var hub = _hubs.Of(client.Pool);
            var subscriptions = new PreparedSubscriptions(client, transaction);
            transaction.Subscriptions = subscriptions;
            var frames = new QueuedFrames(transaction.LocalBytes);
            foreach (var queued in transaction.Commands)
            {
                if (queued.Kind != QueuedKind.Local)
                {
                    continue;
                }

                var frame = frames.Next();
                if (queued.Command.Local is LocalCommand.Subscribe or LocalCommand.PSubscribe)
                {
                    hub.Name(subscriptions, queued.Command.Local == LocalCommand.Subscribe ? ChannelKind.Channel : ChannelKind.Pattern, frame);
                }
            }

            hub.Start(subscriptions);
        }

        return transaction.Subscriptions.IsDone;
    }

    private void AnswerHere(ClientSession client, CommandInfo command, TransactionState transaction)
    {
        if (IsRefused(client, command, transaction, failure: null))
        {
            return;
        }

        // Its commands run when it is over: CLIENT INFO does not show a transaction.
        client.Transaction = null;
        client.SetGate(SessionGate.Multi, false);
        var pending = _pending.Begin(client, command);
        _composer.Write(client, pending.Writer, transaction);
        pending.FinishWritten();
        transaction.Clear();
    }

    private bool FindShard(ClientSession client, CommandInfo command, TransactionState transaction, PoolSnapshot snapshot)
    {
        if (transaction.Snapshot is not null && !ReferenceEquals(transaction.Snapshot, snapshot) && !_queue.Reroute(transaction, snapshot))
        {
            client.EndTransaction();
            Abort(client, command, Replies.CrossSlot);
            return false;
        }

        if (transaction.Shard == TransactionState.NoShard)
        {
            transaction.Shard = client.Watch is null ? snapshot.FirstLive : ShardOf(client.Watch, snapshot);
        }

        return true;
    }

    private static int ShardOf(WatchState watch, PoolSnapshot snapshot)
    {
        for (var i = 0; i < snapshot.Shards.Length; i++)
        {
            if (ReferenceEquals(snapshot.Shards[i].Primary, watch.Lease?.Server))
            {
                return i;
            }
        }

        return TransactionState.NoShard;
    }

    private bool Send(ClientSession client, PoolConnections pool, CommandInfo command, TransactionState transaction)
    {
        var connection = client.LaneIn(pool).For(transaction.Shard, client.Id);
        if (IsRefused(client, command, transaction, connection.Accept()))
        {
            return true;
        }

        if (!connection.AllowsTransactions)
        {
            connection.Output.Append(ExecProbe.Bytes);
            connection.Enqueue(new ExecProbe(client, connection), ExecProbe.Bytes.Length);
            return false;
        }

        var watch = client.Watch;
        LoadScripts(client, pool, transaction);
        IServerLink link;
        if (watch is { IsBorrowed: false })
        {
            link = watch.Link;
        }
        else if (client.LinksIn(pool).Accept(transaction.Shard, client.Id, out link) is { } refused)
        {
            client.EndTransaction();
            _pending.Begin(client, command).Fail(refused);
            return true;
        }

        if (transaction.MayReplicate)
        {
            client.NoteWrite(link);
        }

        transaction.Server = connection.Server;
        Append(client, _pending.Begin(client, command), link, transaction);
        if (link.IsCongested && watch is null)
        {
            client.WaitFor(link);
        }

        return true;
    }

    /// <summary>Sees to it that the server has the scripts that the pool keeps before it runs them.</summary>
    private void LoadScripts(ClientSession client, PoolConnections pool, TransactionState transaction)
    {
        foreach (var script in ScriptLoader.Of(client, pool, transaction))
        {
            if (client.Watch is { IsBorrowed: false } watch)
            {
                _scripts.Load(script, watch.Link);
            }
            else
            {
                _scripts.LoadAhead(client, client.LinksIn(pool), transaction.Shard, script);
            }
        }

        if (transaction.FlushesScripts)
        {
            pool.Pool.Scripts.Clear();
        }
    }

    /// <summary>Whether it cannot run; then EXEC is answered.</summary>
    private bool IsRefused(ClientSession client, CommandInfo command, TransactionState transaction, BackendFailure? failure)
    {
        failure = transaction.Failure ?? failure;
        var refusal = transaction.Refusal;
        if (failure is null && refusal is null)
        {
            return false;
        }

        client.EndTransaction();
        if (failure is not null)
        {
            _pending.Begin(client, command).Fail(failure);
        }
        else
        {
            Abort(client, command, refusal);
        }

        return true;
    }

    private void Append(ClientSession client, PendingRequest pending, IServerLink link, TransactionState transaction)
    {
        var watch = client.Watch;
        client.Watch = null;
        client.Transaction = null;
        client.SetGate(SessionGate.Multi, false);
        var output = link.Output;
        var before = output.Length;
        var runsScripts = transaction.RunsScripts;
        var scripts = transaction.RunsDigests ? link.Scripts : null;
        var prefix = watch?.AppendPrefix(client) ?? 0;
        AppendWord(output, transaction.BeginWord);
        var endWord = transaction.EndWord;
        TransactionInFlight request = transaction.IsComposed
            ? AppendComposed(client, pending, output, transaction)
            : AppendWhole(pending, output, transaction);
        AppendWord(output, endWord);
        request.Scripts = scripts;
        request.RunsScript = runsScripts;
        if (watch is not null)
        {
            request.Over(watch, prefix);
        }

        link.Enqueue(request, output.Length - before);
    }

    private ExecRequest AppendWhole(PendingRequest pending, Workers.OutBuffer output, TransactionState transaction)
    {
        output.TakeOver(transaction.ServerBytes);
        var exec = _execs.Take();
        exec.Begin(pending, transaction.Commands.Count);
        transaction.Clear();
        return exec;
    }

    private ComposedExec AppendComposed(ClientSession client, PendingRequest pending, Workers.OutBuffer output, TransactionState transaction)
    {
        NoteReceivers(client, transaction);

        // The frames are needed once more when the reply is put together.
        AppendCopy(output, transaction);
        var replies = transaction.ServerCommands + 2;
        if (transaction.Selects)
        {
            // The connection is shared: as nothing comes between the commands of a transaction, the last of them takes it back to its database.
            AppendSelect(output, client.Database);
            replies++;
        }

        return new ComposedExec(pending, transaction, _composer, replies);
    }

    private static void NoteReceivers(ClientSession client, TransactionState transaction)
    {
        var frames = new QueuedFrames(transaction.ServerBytes);
        foreach (var queued in transaction.Commands)
        {
            if (queued.Kind is QueuedKind.Local or QueuedKind.Refused)
            {
                continue;
            }

            var frame = frames.Next();
            if (queued.Kind == QueuedKind.Publish)
            {
                var kind = queued.Command.Local == LocalCommand.Publish ? ChannelKind.Channel : ChannelKind.Shard;
                transaction.Receivers.Enqueue(client.Pool.Pool.Subscriptions.CountAt(kind, frame[1], transaction.Server!));
            }
        }
    }

    private static void AppendCopy(Workers.OutBuffer output, TransactionState transaction)
    {
        var bytes = new byte[transaction.ServerBytes.Length];
        transaction.ServerBytes.CopyFirst(bytes);
        output.Append(bytes);
    }

    private static void AppendWord(Workers.OutBuffer output, byte[] word)
    {
        RespWriter.ArrayHeader(output, 1);
        RespWriter.Bulk(output, word);
    }

    private static void AppendSelect(Workers.OutBuffer output, int database)
    {
        RespWriter.ArrayHeader(output, 2);
        RespWriter.Bulk(output, "SELECT"u8);
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(database.ToString(CultureInfo.InvariantCulture)));
    }

    private void Abort(ClientSession client, CommandInfo command, ReadOnlySpan<byte> error)
    {
        var pending = _pending.Begin(client, command);
        client.Counters.RequestFailed(RequestErrorReason.Invalid);
        Replies.ExecAborted(pending.Writer, error);
        pending.FinishWritten();
    }
}
