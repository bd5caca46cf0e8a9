using Proxy.Core.Metrics;
using Proxy.Core.Requests.Administration;
using Proxy.Core.Requests.Administration.Information;
using Proxy.Core.Requests.Blocking;
using Proxy.Core.Requests.CrossServer;
using Proxy.Core.Requests.Forwarding;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Requests.Keyspace;
using Proxy.Core.Requests.PubSub;
using Proxy.Core.Requests.Scripts;
using Proxy.Core.Requests.Sessions;
using Proxy.Core.Requests.Users;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>
/// Decides what becomes of a request, by the command's data and not by its name. One per worker.
/// <code>
///   frame ─▶ 1 known? arity? ─▶ 2 gate ─▶ 3 allowed? ─┬▶ 4 answered here
///                                                      ├▶ 5 one shard: forwarded as it stands
///                                                      ├▶ 6 several shards: split, computed, or CROSSSLOT
///                                                      ├▶ 7 every shard, or the first
///                                                      ├▶ 8 concerns the session: may have to come again
///                                                      ├▶ 9 waits at a server: over a lease
///                                                      ├▶ 10 all keys, or all scripts, of several servers
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
    private readonly RequestForwarder _forwarder;
    private readonly RequestBroadcaster _broadcaster;
    private readonly AdministrationCommands _administration;
    private readonly BlockingCommands _blocking;
    private readonly WaitCommands _waits;
    private readonly UnknownCommands _unknown;
    private readonly KeyspaceCommands _keyspace;
    private readonly ScriptCommands _scripts;
    private readonly BusyServers _busy;
    private readonly KeyPositions _keys = new();

    public RequestRouter(Worker worker, ProxyFacts facts, IClientDirectory directory)
    {
        var gathered = new FreeList<GatheredRequest>(static home => new GatheredRequest(home));
        var fragments = new FreeList<Fragment>(home => new Fragment(home, worker.Blocks));
        var hubs = new SubscriptionHubs(worker);
        _pending = new PendingRequests(worker.Blocks);
        var information = new ProxyInformation(facts);
        _local = new LocalCommands(facts, information, _keys);
        var permissions = new Permissions(_keys);
        var loader = new ScriptLoader();
        _session = new SessionCommands(facts, _pending, _local, _keys, directory, permissions, hubs, loader);
        _busy = new BusyServers(_pending, _keys);
        _guarded = new GuardedRouter(this, _pending, _session.Transactions, permissions, _busy);
        _pubSub = new PubSubCommands(worker, _pending, hubs);
        var shards = new ShardFinder(_pending, _keys);
        var crossServer = new CrossServerRequests(worker, _pending, _keys, gathered, fragments);
        _forwarder = new RequestForwarder(_pending, _keys, shards, new RequestSplitter(_keys, gathered, fragments), crossServer, loader);
        _broadcaster = new RequestBroadcaster(gathered, fragments);
        _administration = new AdministrationCommands(_pending, _forwarder, information);
        _blocking = new BlockingCommands(_pending, shards, _keys);
        _waits = new WaitCommands(_pending);
        _unknown = new UnknownCommands(facts);
        _keyspace = new KeyspaceCommands(_pending, gathered, fragments);
        _scripts = new ScriptCommands(_pending, _broadcaster);
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
            || !TryFind(client, frame, out var command)
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

    private static bool TryFind(ClientSession client, in RequestFrame frame, out CommandInfo? command) =>
        CommandTable.Resolve(frame, out command) == CommandLookup.Found
        || client.Pool.Pool.Learnt.Resolve(new RequestArguments(frame), out command) == CommandLookup.Found;

    /// <summary>Whether nothing but its keys decides what becomes of a command that is to be forwarded.</summary>
    public static bool MayForward(ClientSession client, PoolSnapshot snapshot, CommandInfo command) =>
        client.Gate == SessionGate.None
        && !snapshot.Model.Denies(command)
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
        if (lookup != CommandLookup.Found && !_unknown.TryResolve(client, frame, ref lookup, ref command))
        {
            return false;
        }

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
        if (snapshot.Model.Denies(command))
        {
            RefuseDenied(client, command);
            return true;
        }

        switch (command.HandlingWith(snapshot.Shards.Length))
        {
            case CommandHandling.Answer:
            case CommandHandling.FirstServer when LocalCommands.IsAboutTheProxy(command, frame):
                // Step 4
                if (BusyServers.MayConcern(client) && _busy.Check(client, command, frame) is { } isTaken)
                {
                    return isTaken;
                }

                if (_local.HasToWait(client, command))
                {
                    return false;
                }

                var pending = _pending.Begin(client, command);
                _local.Answer(client, pending.Writer, command, frame);
                pending.FinishWritten();
                return true;
            case CommandHandling.Forward when !(command.BlocksOnOption && BlockOption.IsPresent(frame)):
            case CommandHandling.Split:
                _forwarder.Send(client, pool, snapshot, command, frame);
                return true;
            case CommandHandling.FirstServer or CommandHandling.AllServers
                when command.Local == LocalCommand.ConfigSet && ServerPassword.LocksOut(snapshot.Model, frame):
                _pending.Refuse(client, command, RequestErrorReason.NotSupported, Replies.PasswordLocksOut);
                return true;
            case CommandHandling.FirstServer:
                // Step 7
                _forwarder.SendToFirst(client, pool, snapshot, command, frame);
                return true;
            case CommandHandling.AllServers:
                // Step 7 as well
                if (_pending.MayReachServer(client, snapshot, command))
                {
                    _broadcaster.Send(_pending.Begin(client, command), client, client.LinksIn(pool), snapshot, command, frame);
                }

                return true;
            case CommandHandling.Join:
                // Step 7 as well
                _administration.Send(client, pool, snapshot, command, frame);
                return true;
            case CommandHandling.Session:
                // Step 8
                if (BusyServers.MayConcern(client) && _busy.Check(client, command, frame) is { } isRefused)
                {
                    return isRefused;
                }

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

                _blocking.Send(client, pool, snapshot, command, frame);
                return true;
            case CommandHandling.Wait:
                if (client.PutBack())
                {
                    return false;
                }

                if (_pending.MayReachServer(client, snapshot, command))
                {
                    _waits.Send(client, command, client.LaneIn(pool), snapshot, frame);
                }

                return true;
            case CommandHandling.Keyspace:
                // Step 10
                return _keyspace.Route(client, pool, snapshot, command, frame);
            case CommandHandling.Script:
                // Step 10 as well
                return _scripts.Route(client, pool, snapshot, command, frame);
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
        if (!isByKeys || snapshot.Model.Denies(command))
        {
            return Dispatch(client, command, frame);
        }

        _forwarder.SendOver(links, client, snapshot, command, frame);
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
}
