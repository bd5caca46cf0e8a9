using System.Collections.Immutable;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Blocking;
using Proxy.Core.Requests.PubSub;
using Proxy.Core.Requests.Sessions;
using Proxy.Core.Requests.Users;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Partitioning;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>
/// Decides what becomes of a request, by the command's data and not by its name. One per worker.
/// <code>
///   frame ─▶ 1 known? arity? ─▶ 2 gate ─▶ 3 allowed? ─┬▶ 4 answered here
///                                                      ├▶ 5 one shard: forwarded as it stands
///                                                      ├▶ 6 several shards: split, or CROSSSLOT
///                                                      ├▶ 7 every shard
///                                                      ├▶ 8 concerns the session: may have to come again
///                                                      ├▶ 9 waits at a server: over a lease
///                                                      └▶ refused
/// </code>
/// Everything is checked before a byte reaches a connection that others share.
/// </summary>
internal sealed class RequestRouter
{
    /// <summary>With these a request is forwarded, or refused, as it comes; with others it may have to come again.</summary>
    private const SessionGate ForwardingGates = SessionGate.NoAuth | SessionGate.Muted;

    private readonly PendingRequests _pending;
    private readonly GuardedRouter _guarded;
    private readonly LocalCommands _local;
    private readonly SessionCommands _session;
    private readonly PubSubCommands _pubSub;
    private readonly RequestSplitter _splitter;
    private readonly RequestBroadcaster _broadcaster;
    private readonly BlockingCommands _blocking;
    private readonly WaitCommands _waits;
    private readonly KeyPositions _keys = new();
    private readonly FreeList<ForwardedRequest> _forwarded;

    public RequestRouter(Worker worker, ProxyFacts facts, IClientDirectory directory)
    {
        var gathered = new FreeList<GatheredRequest>(static home => new GatheredRequest(home));
        var fragments = new FreeList<Fragment>(home => new Fragment(home, worker.Blocks));
        var hubs = new SubscriptionHubs(worker);
        _pending = new PendingRequests(worker.Blocks);
        _local = new LocalCommands(facts, _keys);
        var permissions = new Permissions(_keys);
        _session = new SessionCommands(facts, _pending, _local, _keys, directory, permissions, hubs);
        _guarded = new GuardedRouter(this, _pending, _session.Transactions, permissions);
        _pubSub = new PubSubCommands(worker, _pending, hubs);
        _splitter = new RequestSplitter(_keys, gathered, fragments);
        _broadcaster = new RequestBroadcaster(gathered, fragments);
        _blocking = new BlockingCommands(_pending);
        _waits = new WaitCommands(_pending);
        _forwarded = new FreeList<ForwardedRequest>(static home => new ForwardedRequest(home));
        Streamer = new RequestStreamer(_pending);
    }

    /// <summary>The way of requests that are too large to be gathered.</summary>
    public RequestStreamer Streamer { get; }

    /// <summary>
    /// Whether a request with a detached argument is forwarded, if at all, as it stands: then nothing depends on the payload. Where keys stand
    /// behind options it may be one; those are also the commands that may wait at the server.
    /// </summary>
    public bool Forwards(ClientSession client, in RequestFrame frame)
    {
        if ((client.Gate & ~ForwardingGates) != 0
            || CommandTable.Resolve(frame, out var command) != CommandLookup.Found
            || command!.Handling != CommandHandling.Forward
            || command.HasKeysBehindOptions
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
        client.Gate == SessionGate.None
        && !IsDenied(snapshot.Model.DenyCommands, command)
        && snapshot.AnyLive
        && !client.Worker.Memory.IsExhausted;

    /// <summary>
    /// Takes a request: afterwards its reply is written, or under way. The frame is not kept. It may have a detached argument if
    /// <see cref="Forwards"/> says so.
    /// </summary>
    /// <returns>
    /// False if it is not its time yet: nothing has happened, the client takes no request for now, and this one has to come again. Never
    /// for a request with a detached argument.
    /// </returns>
    public bool Route(ClientSession client, in RequestFrame frame)
    {
        // Step 1: as Redis does, before asking who it is.
        var lookup = CommandTable.Resolve(frame, out var command);

        // Step 2
        if (client.Gate != SessionGate.None)
        {
            return _guarded.Route(client, lookup, command, frame);
        }

        if (lookup != CommandLookup.Found)
        {
            RefuseUnknown(client, frame, lookup, command);
            return true;
        }

        return Dispatch(client, command!, frame);
    }

    /// <summary>Takes a request for which the client's gate is open.</summary>
    /// <inheritdoc cref="Route"/>
    public bool Dispatch(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        // Step 3
        // Read once: a reload may lead the client's next request elsewhere, and then the shards have other numbers.
        var pool = client.Pool;
        var snapshot = pool.Snapshot;
        if (IsDenied(snapshot.Model.DenyCommands, command))
        {
            RefuseDenied(client, command);
            return true;
        }

        switch (command.Handling)
        {
            case CommandHandling.Answer:
                // Step 4
                var pending = _pending.Begin(client, command);
                _local.Answer(client, pending.Writer, command, frame);
                pending.FinishWritten();
                return true;
            case CommandHandling.Forward when !(command.BlocksOnOption && BlockOption.IsPresent(frame)):
            case CommandHandling.Split:
                RouteByKeys(client, pool, snapshot, command, frame);
                return true;
            case CommandHandling.AllServers:
                // Step 7
                if (MayReachServer(_pending, client, snapshot, command))
                {
                    _broadcaster.Send(_pending.Begin(client, command), client, client.LinksIn(pool), snapshot, command, frame);
                }

                return true;
            case CommandHandling.Session:
                // Step 8
                return _session.Route(client, command, frame);
            case CommandHandling.Channel:
                // Step 8 as well
                return _pubSub.Route(client, pool, snapshot, command, frame);
            case CommandHandling.Block:
            case CommandHandling.Forward:
                // Step 9
                if (client.PutBack())
                {
                    return false;
                }

                RouteBlocking(client, pool, snapshot, command, frame);
                return true;
            case CommandHandling.Wait:
                if (client.PutBack())
                {
                    return false;
                }

                if (MayReachServer(_pending, client, snapshot, command))
                {
                    _waits.Send(client, command, client.LaneIn(pool), snapshot, frame);
                }

                return true;
            default:
                _pending.RefuseUnsupported(client, command);
                return true;
        }
    }

    /// <summary>Takes a request of a client that tracks keys: it goes over the client's own connections.</summary>
    /// <inheritdoc cref="Route"/>
    public bool DispatchTracked(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        var pool = client.Pool;
        var snapshot = pool.Snapshot;
        if (client.Tracking!.StartsAnewIn(pool) && client.PutBack())
        {
            return false;
        }

        var links = client.LinksIn(pool);
        if (client.IsClosing)
        {
            // It had no room for what it was told of a change of the servers.
            return true;
        }

        var isByKeys = command.Handling == CommandHandling.Split
            || (command.Handling == CommandHandling.Forward && !(command.BlocksOnOption && BlockOption.IsPresent(frame)));
        if (!isByKeys || IsDenied(snapshot.Model.DenyCommands, command))
        {
            return Dispatch(client, command, frame);
        }

        if (FindShard(client, snapshot, command, frame) is not { } shard)
        {
            return true;
        }

        if (shard >= 0)
        {
            Forward(_pending.Begin(client, command), client, links, shard, command, frame);
        }
        else if (command.Handling == CommandHandling.Split)
        {
            _splitter.Split(_pending.Begin(client, command), client, links, snapshot, command, frame);
        }
        else
        {
            _pending.Refuse(client, command, RequestErrorReason.Crossslot, Replies.CrossSlot);
        }

        return true;
    }

    /// <summary>Answers a request that names no command, or has too few or too many arguments for one.</summary>
    public void RefuseUnknown(ClientSession client, in RequestFrame frame, CommandLookup lookup, CommandInfo? command)
    {
        var pending = _pending.Begin(client, command);
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
            case CommandLookup.WrongArity when command!.Local == LocalCommand.Exec:
                client.Counters.RequestFailed(RequestErrorReason.Arity);
                client.EndTransaction();
                Replies.ExecAborted(pending.Writer, "wrong number of arguments for 'exec' command"u8);
                break;
            default:
                client.Counters.RequestFailed(RequestErrorReason.Arity);
                Replies.WrongArity(pending.Writer, command!.Name);
                break;
        }

        pending.FinishWritten();
    }

    /// <summary>Puts a reply that no request asked for in its place behind the others: a protocol error.</summary>
    public void Say(ClientSession client, ReadOnlySpan<byte> reply) => _pending.Answer(client, command: null, reply);

    private void RouteByKeys(ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        if (FindShard(client, snapshot, command, frame) is not { } shard)
        {
            return;
        }

        var lane = client.LaneIn(pool);
        switch (shard)
        {
            case >= 0:
                // Step 5
                var connection = lane.For(shard, client.Id);
                if (command.MayReplicate)
                {
                    client.WrittenServers |= connection.ServerBit;
                }

                Forward(_pending.Begin(client, command), client, connection, frame);
                break;
            default:
                // Step 6
                if (command.Handling == CommandHandling.Split)
                {
                    _splitter.Split(_pending.Begin(client, command), client, lane, snapshot, command, frame);
                }
                else
                {
                    _pending.Refuse(client, command, RequestErrorReason.Crossslot, Replies.CrossSlot);
                }

                break;
        }

        if (_keys.Count > 4096)
        {
            _keys.Shrink(4096);
        }
    }

    private void RouteBlocking(ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        if (FindShard(client, snapshot, command, frame) is not { } shard)
        {
            return;
        }

        if (shard == SeveralShards)
        {
            _pending.Refuse(client, command, RequestErrorReason.Crossslot, Replies.CrossSlot);
            return;
        }

        var timeoutMs = _keys.Count == 0 ? 0 : BlockTimeout.Of(command, frame, _keys[0]);
        _blocking.Send(client, command, pool, shard, timeoutMs, frame);
    }

    /// <summary>The shard of all keys of a request, or <see cref="SeveralShards"/>; null if it was refused.</summary>
    private int? FindShard(ClientSession client, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var search = KeyFinder.Find(command, frame, _keys);
        if (search is not (KeySearch.Found or KeySearch.Invalid))
        {
            RefuseKeys(client, command, search);
            return null;
        }

        if (!MayReachServer(_pending, client, snapshot, command))
        {
            return null;
        }

        // Redis certainly refuses arguments in which no keys can be found, and only a server has the words for it.
        var shard = search == KeySearch.Invalid ? FirstLive(snapshot) : ShardOf(snapshot, _keys, frame);
        if (shard != NoShard)
        {
            return shard;
        }

        var pending = _pending.Begin(client, command);
        client.Counters.RequestFailed(RequestErrorReason.NoServer);
        Replies.KeyWithoutNumber(pending.Writer, snapshot.Model.Name);
        pending.FinishWritten();
        return null;
    }

    /// <summary>Answers with an error and returns false if nothing can be sent to any server at the moment.</summary>
    internal static bool MayReachServer(PendingRequests pending, ClientSession client, PoolSnapshot snapshot, CommandInfo command)
    {
        if (client.Worker.Memory.IsExhausted)
        {
            pending.Refuse(client, command, RequestErrorReason.MemoryLimit, Replies.MemoryLimit);
            return false;
        }

        if (!snapshot.AnyLive)
        {
            pending.Begin(client, command).Fail(new BackendFailure(FailureKind.AllEjected, snapshot.Shards[0].Primary));
            return false;
        }

        return true;
    }

    /// <summary>A key of the request belongs to no server.</summary>
    internal const int NoShard = -1;

    /// <summary>Its keys are on several servers.</summary>
    internal const int SeveralShards = -2;

    /// <summary>The shard of all keys, <see cref="NoShard"/> or <see cref="SeveralShards"/>.</summary>
    internal static int ShardOf(PoolSnapshot snapshot, KeyPositions keys, in RequestFrame frame)
    {
        var shard = snapshot.Partitioner.Route(frame[keys[0]]);

        // Under `random` a key has no home: the command as a whole goes to one server.
        if (keys.Count == 1 || snapshot.Shards.Length == 1 || snapshot.Model.Distribution == Distribution.Random)
        {
            return shard;
        }

        var several = false;
        for (var i = 1; i < keys.Count; i++)
        {
            var other = snapshot.Partitioner.Route(frame[keys[i]]);
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

    private void Forward(PendingRequest pending, ClientSession client, IShardLinks links, int shard, CommandInfo command, in RequestFrame frame)
    {
        if (links.Accept(shard, client.Id, out var link) is { } failure)
        {
            pending.Fail(failure);
            return;
        }

        var request = _forwarded.Take();
        request.Begin(pending);
        link.Output.Append(frame.Bytes);
        link.Enqueue(request, frame.Bytes.Length);
        if (command.MayReplicate)
        {
            client.NoteWrite(link);
        }

        if (link.IsCongested)
        {
            client.WaitFor(link);
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

    /// <summary>The first server that is not ejected.</summary>
    internal static int FirstLive(PoolSnapshot snapshot)
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

    /// <summary>Whether <c>deny_commands</c> has the command.</summary>
    internal static bool IsDenied(ImmutableHashSet<string> denied, CommandInfo command)
    {
        if (denied.IsEmpty)
        {
            return false;
        }

        var name = command.Name;
        var bar = name.IndexOf('|');
        return denied.Contains(name) || (bar > 0 && denied.Contains(name[..bar]));
    }

    /// <summary>Answers that the client may not run it.</summary>
    public void RefuseDenied(ClientSession client, CommandInfo command)
    {
        var pending = _pending.Begin(client, command);
        client.Counters.RequestFailed(RequestErrorReason.Denied);
        if (command.Local == LocalCommand.Exec)
        {
            Replies.ExecAborted(pending.Writer, "NOPERM this user has no permissions to run the 'exec' command"u8);
        }
        else
        {
            Replies.NoPermission(pending.Writer, command.Name);
        }

        pending.FinishWritten();
    }

    private void RefuseKeys(ClientSession client, CommandInfo command, KeySearch search)
    {
        switch (search)
        {
            case KeySearch.WrongArity:
                var pending = _pending.Begin(client, command);
                client.Counters.RequestFailed(RequestErrorReason.Arity);
                Replies.WrongArity(pending.Writer, command.Name);
                pending.FinishWritten();
                break;
            case KeySearch.KeyCountNotInteger:
                _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.NotInteger);
                break;
            case KeySearch.KeyCountTooLarge:
                _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.TooManyKeys);
                break;
            case KeySearch.KeyCountNegative:
                _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.NegativeKeys);
                break;
            default:
                _pending.RefuseUnsupported(client, command);
                break;
        }
    }
}
