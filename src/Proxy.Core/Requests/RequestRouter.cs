using System.Collections.Immutable;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Partitioning;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>
/// Decides what becomes of a request, by the command's data and not by its name. One per worker.
/// <code>
///   frame ─▶ 1 known? arity? ─▶ 2 authenticated? ─▶ 3 allowed? ─┬▶ 4 answered here
///                                                                ├▶ 5 one shard: forwarded as it stands
///                                                                ├▶ 6 several shards: split, or CROSSSLOT
///                                                                └▶ refused
/// </code>
/// Everything is checked before a byte reaches a connection that others share.
/// </summary>
internal sealed class RequestRouter
{
    private readonly LocalCommands _local;
    private readonly RequestSplitter _splitter;
    private readonly KeyPositions _keys = new();
    private readonly FreeList<PendingRequest> _pending;
    private readonly FreeList<ForwardedRequest> _forwarded;

    public RequestRouter(Worker worker, ProxyFacts facts)
    {
        _local = new LocalCommands(facts, _keys);
        _splitter = new RequestSplitter(_keys, worker.Blocks);
        _pending = new FreeList<PendingRequest>(home => new PendingRequest(home, worker.Blocks));
        _forwarded = new FreeList<ForwardedRequest>(static home => new ForwardedRequest(home));
        Streamer = new RequestStreamer(_pending);
    }

    /// <summary>The way of requests that are too large to be gathered.</summary>
    public RequestStreamer Streamer { get; }

    /// <summary>
    /// Whether a request with a detached argument is forwarded, if at all, as it stands: then nothing depends on the payload.
    /// </summary>
    public bool Forwards(in RequestFrame frame)
    {
        if (CommandTable.Resolve(frame, out var command) != CommandLookup.Found
            || command!.Handling != CommandHandling.Forward
            || KeyFinder.Find(command, frame, _keys) != KeySearch.Found)
        {
            return false;
        }

        for (var i = 0; i < _keys.Count; i++)
        {
            if (_keys[i] == frame.DetachedArgument)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether nothing but its keys decides what becomes of a command that is to be forwarded.</summary>
    public static bool MayForward(ClientSession client, PoolSnapshot snapshot, CommandInfo command) =>
        (client.Identity.Authenticated || (command.Flags & CommandFlags.NoAuth) != 0)
        && !IsDenied(snapshot.Model.DenyCommands, command)
        && snapshot.AnyLive
        && !client.Worker.Memory.IsExhausted;

    /// <summary>
    /// Takes a request: afterwards its reply is written, or under way. The frame is not kept. It may have a detached argument if
    /// <see cref="Forwards"/> says so.
    /// </summary>
    public void Route(ClientSession client, in RequestFrame frame)
    {
        var pending = _pending.Take();
        pending.Enter(client);

        // Step 1: as Redis does, before asking who it is.
        var lookup = CommandTable.Resolve(frame, out var command);
        client.Counters.RequestReceived(command?.Index ?? -1);
        if (lookup != CommandLookup.Found)
        {
            RefuseUnknown(pending, client, frame, lookup, command);
            return;
        }

        client.Identity.LastCommand = command!.Name;

        // Step 2
        if (!client.Identity.Authenticated && (command.Flags & CommandFlags.NoAuth) == 0)
        {
            Answer(pending, client, RequestErrorReason.Noauth, Replies.NoAuth);
            return;
        }

        // Step 3
        // Read once: a reload may lead the client's next request elsewhere, and then the shards have other numbers.
        var pool = client.Pool;
        var snapshot = pool.Snapshot;
        if (IsDenied(snapshot.Model.DenyCommands, command))
        {
            client.Counters.RequestFailed(RequestErrorReason.Denied);
            Replies.NoPermission(pending.Writer, command.Name);
            Finish(pending);
            return;
        }

        switch (command.Handling)
        {
            case CommandHandling.Answer:
                // Step 4
                _local.Answer(client, pending.Writer, command, frame);
                Finish(pending);
                break;
            case CommandHandling.Forward when !(command.BlocksOnOption && BlockOption.IsPresent(frame)):
            case CommandHandling.Split:
                RouteByKeys(pending, client, pool, snapshot, command, frame);
                break;
            default:
                NotSupported(pending, client, command);
                break;
        }
    }

    /// <summary>Puts a reply that no request asked for in its place behind the others: a protocol error.</summary>
    public void Say(ClientSession client, ReadOnlySpan<byte> reply)
    {
        var pending = _pending.Take();
        pending.Enter(client);
        client.Counters.RequestReceived(-1);
        pending.Writer.Append(reply);
        Finish(pending);
    }

    private void RouteByKeys(
        PendingRequest pending, ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var search = KeyFinder.Find(command, frame, _keys);
        if (search is not (KeySearch.Found or KeySearch.Invalid))
        {
            RefuseKeys(pending, client, command, search);
            return;
        }

        if (client.Worker.Memory.IsExhausted)
        {
            Answer(pending, client, RequestErrorReason.MemoryLimit, Replies.MemoryLimit);
            return;
        }

        if (!snapshot.AnyLive)
        {
            pending.Fail(new BackendFailure(FailureKind.AllEjected, snapshot.Shards[0].Primary));
            return;
        }

        // Redis certainly refuses arguments in which no keys can be found, and only a server has the words for it.
        var shard = search == KeySearch.Invalid ? FirstLive(snapshot) : ShardOf(snapshot, frame);
        switch (shard)
        {
            case >= 0:
                // Step 5
                Forward(pending, client, pool.Connection(shard, client.Id), frame);
                break;
            case NoShard:
                client.Counters.RequestFailed(RequestErrorReason.NoServer);
                Replies.KeyWithoutNumber(pending.Writer, snapshot.Model.Name);
                Finish(pending);
                break;
            default:
                // Step 6
                if (command.Handling == CommandHandling.Split)
                {
                    _splitter.Split(pending, client, pool, snapshot, command, frame);
                }
                else
                {
                    Answer(pending, client, RequestErrorReason.Crossslot, Replies.CrossSlot);
                }

                break;
        }

        if (_keys.Count > 4096)
        {
            _keys.Shrink(4096);
        }
    }

    private const int NoShard = -1;
    private const int SeveralShards = -2;

    /// <summary>The shard of all keys, <see cref="NoShard"/> or <see cref="SeveralShards"/>.</summary>
    private int ShardOf(PoolSnapshot snapshot, in RequestFrame frame)
    {
        var shard = snapshot.Partitioner.Route(frame[_keys[0]]);

        // Under `random` a key has no home: the command as a whole goes to one server.
        if (_keys.Count == 1 || snapshot.Shards.Length == 1 || snapshot.Model.Distribution == Distribution.Random)
        {
            return shard;
        }

        var several = false;
        for (var i = 1; i < _keys.Count; i++)
        {
            var other = snapshot.Partitioner.Route(frame[_keys[i]]);
            if (other < 0 || shard < 0)
            {
                return NoShard;
            }

            several |= other != shard;
        }

        return several ? SeveralShards : shard;
    }

    private void Forward(PendingRequest pending, ClientSession client, BackendConnection connection, in RequestFrame frame)
    {
        if (connection.Accept() is { } failure)
        {
            pending.Fail(failure);
            return;
        }

        var request = _forwarded.Take();
        request.Begin(pending);
        if (frame.DetachedArgument < 0)
        {
            connection.Output.Append(frame.Bytes);
            connection.Enqueue(request, frame.Bytes.Length);
        }
        else
        {
            connection.Enqueue(request, AppendWithPayload(connection.Output, client.DetachedPayload, frame));
        }

        if (connection.IsCongested)
        {
            client.WaitFor(connection);
        }
    }

    private static long AppendWithPayload(OutBuffer output, OutBuffer payload, in RequestFrame frame)
    {
        var before = output.Length;
        output.Append(frame.Bytes[..frame.DetachedAt]);
        output.TakeOver(payload);
        output.Append(frame.Bytes[frame.DetachedAt..]);
        return output.Length - before;
    }

    private static int FirstLive(PoolSnapshot snapshot)
    {
        for (var i = 0; i < snapshot.Shards.Length; i++)
        {
            if (snapshot.Shards[i].Primary.Health.State != ServerState.Ejected)
            {
                return i;
            }
        }

        return 0;
    }

    private static bool IsDenied(ImmutableHashSet<string> denied, CommandInfo command)
    {
        if (denied.IsEmpty)
        {
            return false;
        }

        var name = command.Name;
        var bar = name.IndexOf('|');
        return denied.Contains(name) || (bar > 0 && denied.Contains(name[..bar]));
    }

    private static void RefuseUnknown(PendingRequest pending, ClientSession client, in RequestFrame frame, CommandLookup lookup, CommandInfo? command)
    {
        switch (lookup)
        {
            case CommandLookup.UnknownCommand:
                client.Counters.RequestFailed(RequestErrorReason.UnknownCommand);
                Replies.UnknownCommand(pending.Writer, frame);
                break;
            case CommandLookup.UnknownSubcommand:
                client.Counters.RequestFailed(RequestErrorReason.UnknownCommand);
                Replies.UnknownSubcommand(pending.Writer, frame[1], command!.Name);
                break;
            default:
                client.Counters.RequestFailed(RequestErrorReason.Arity);
                Replies.WrongArity(pending.Writer, command!.Name);
                break;
        }

        Finish(pending);
    }

    private static void RefuseKeys(PendingRequest pending, ClientSession client, CommandInfo command, KeySearch search)
    {
        switch (search)
        {
            case KeySearch.WrongArity:
                client.Counters.RequestFailed(RequestErrorReason.Arity);
                Replies.WrongArity(pending.Writer, command.Name);
                Finish(pending);
                break;
            case KeySearch.KeyCountNotInteger:
                Answer(pending, client, RequestErrorReason.Invalid, Replies.NotInteger);
                break;
            case KeySearch.KeyCountTooLarge:
                Answer(pending, client, RequestErrorReason.Invalid, Replies.TooManyKeys);
                break;
            case KeySearch.KeyCountNegative:
                Answer(pending, client, RequestErrorReason.Invalid, Replies.NegativeKeys);
                break;
            default:
                NotSupported(pending, client, command);
                break;
        }
    }

    private static void NotSupported(PendingRequest pending, ClientSession client, CommandInfo command)
    {
        client.Counters.RequestFailed(RequestErrorReason.NotSupported);
        Replies.NotSupported(pending.Writer, command.Name);
        Finish(pending);
    }

    private static void Answer(PendingRequest pending, ClientSession client, RequestErrorReason reason, ReadOnlySpan<byte> reply)
    {
        client.Counters.RequestFailed(reason);
        pending.Writer.Append(reply);
        Finish(pending);
    }

    private static void Finish(PendingRequest pending)
    {
        pending.NoteWritten();
        pending.Finish();
    }
}
