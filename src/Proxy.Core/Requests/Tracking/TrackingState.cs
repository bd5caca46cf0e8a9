using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Tracking;

/// <summary>
/// A client's CLIENT TRACKING: while it is on, all its requests go over connections of its own, one for each server, so that the replies
/// and the invalidations of a server reach it in the server's order. Owned by its session; used on the worker's loop only.
/// </summary>
/// <remarks>
/// Wherever something may have been missed, because a connection was lost or keys have moved, the client is told that all keys are invalid.
/// </remarks>
internal sealed class TrackingState : IShardLinks
{
    /// <summary>How soon a lost connection over which changes are announced unasked is opened again; after that once a second.</summary>
    private static readonly TimeSpan OpenAgain = TimeSpan.FromMilliseconds(20);

    private readonly ClientSession _client;
    private readonly Dictionary<Server, TrackedConnection> _connections = new(ReferenceEqualityComparer.Instance);
    private readonly List<LaneConnections> _lanes = [];
    private PoolConnections? _pool;
    private PoolSnapshot? _snapshot;
    private ClientSession? _target;

    // Whose word it was last that all keys are invalid, and behind which reply the client was told.
    private readonly HashSet<Server> _flushed = new(ReferenceEqualityComparer.Instance);
    private long _flushedAt;

    // The servers that are being told to begin.
    private AskedServers? _asked;

    /// <param name="client">Whose it is.</param>
    public TrackingState(ClientSession client)
    {
        _client = client;
    }

    /// <summary>What the client asked for.</summary>
    public TrackingOptions Options { get; private set; } = new();

    /// <summary>CLIENT CACHING was said: it is about the next command, or transaction.</summary>
    public bool IsCachingGiven { get; set; }

    /// <summary>True once there was something to tell to the client to which it redirects, and that was gone.</summary>
    public bool IsRedirectBroken { get; private set; }

    /// <summary>
    /// In version 2 of RESP no connection of the client can be sent a push. What is redirected has one of its own in version 3 too: then HELLO
    /// changes nothing of what servers track, and nothing is missed meanwhile.
    /// </summary>
    public bool NeedsReceiver => Options.Redirect != 0;

    private bool IsSettled => _asked is not { IsOver: false };

    /// <summary>Turns it on, or changes what is asked for. Nothing of the client is under way.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="target">The client to which it redirects.</param>
    /// <param name="pending">The place of the request that turns it on.</param>
    public void TurnOn(TrackingOptions options, ClientSession? target, PendingRequest pending)
    {
        var former = (Options, _target, IsRedirectBroken);
        Options = options.IsBroadcast ? options with { Prefixes = Join(Options.Prefixes, options.Prefixes) } : options;
        IsRedirectBroken = false;
        _target = target;
        TakeUp(_client.Pool);
        if (_pool is null)
        {
            // The client was closed by what it was told.
            pending.Finish();
            return;
        }

        // If a change is refused, what held before goes on.
        var isNew = _asked is null;
        var asked = new AskedServers(_client, pending, isNew ? _client.EndTracking : () => (Options, _target, IsRedirectBroken) = former);
        _asked = asked;
        for (var shard = 0; shard < _snapshot!.Shards.Length; shard++)
        {
            if (_snapshot.Shards[shard].Primary is { Health.State: not ServerState.Ejected } server)
            {
                asked.Add();
                if (ConnectionTo(server).Register(options, isAwaited: true) is { } failure)
                {
                    asked.OnAnswer(null, failure);
                }
            }
        }

        asked.AllAdded();
    }

    /// <inheritdoc/>
    public BackendFailure? Accept(int shard, long affinity, out IServerLink link)
    {
        // By the connections' own list, which has the order of the snapshot that the caller has read.
        var connection = ConnectionTo(LaneOf(_client.RespVersion).Leases(shard).Server);
        link = connection;
        return connection.Prepare();
    }

    /// <summary>
    /// It is about to be used in a pool, whose servers may have changed. A client that has no room for what it is told of that is closed.
    /// </summary>
    public TrackingState TakeUp(PoolConnections pool)
    {
        if (StartsAnewIn(pool))
        {
            var isMoved = _pool is not null;
            CloseConnections();
            LeaveLanes();
            _pool = pool;
            _snapshot = pool.Snapshot;
            if (isMoved)
            {
                InvalidateAll(_client.LastPlace);
            }
        }
        else if (!ReferenceEquals(_snapshot, pool.Snapshot))
        {
            _snapshot = pool.Snapshot;
            foreach (var (server, connection) in _connections.ToArray())
            {
                if (!_snapshot.Shards.Any(shard => ReferenceEquals(shard.Primary, server)))
                {
                    _connections.Remove(server);
                    connection.End();
                }
            }

            // Keys may have moved to other servers. A client that is blocked has nothing else to be answered.
            InvalidateAll(_client.Blocked is null ? _client.LastPlace : 0);
        }

        return this;
    }

    /// <summary>
    /// Whether the connections are not those of a pool, or of the client's user: then requests that are under way have to be answered before
    /// others are sent.
    /// </summary>
    public bool StartsAnewIn(PoolConnections pool) =>
        !ReferenceEquals(_pool, pool) || _lanes.Exists(lane => lane.IsRetired || !Equals(lane.Lane.User, _client.Login.ServerUser));

    /// <summary>Called every second.</summary>
    public void Sweep()
    {
        // What is under way on connections of another pool comes first.
        if (IsSettled && (_client.Replies.Count == 0 || !StartsAnewIn(_client.Pool)))
        {
            TakeUp(_client.Pool);
            if (_pool is not null)
            {
                OpenMissing();
            }
        }
    }

    /// <summary>A request was taken: what CLIENT CACHING said was about it.</summary>
    /// <param name="command">What was asked; null if nobody knows.</param>
    public void OnTaken(CommandInfo? command)
    {
        if (_client.Transaction is null && command?.Name.StartsWith("client", StringComparison.Ordinal) != true)
        {
            IsCachingGiven = false;
        }
    }

    /// <summary>The client speaks another version of RESP from now on. Nothing of it is under way.</summary>
    public void OnProtocolChanged()
    {
        TakeUp(_client.Pool);
        foreach (var connection in _connections.Values.ToArray())
        {
            connection.ChangeProtocol();
        }
    }

    /// <summary>It is off, or the client is gone.</summary>
    public void End()
    {
        CloseConnections();
        LeaveLanes();
        _pool = null;
        _target = null;
        _asked?.Cancel();
    }

    /// <summary>The leases of a server in the client's pool; null if it is not there any more.</summary>
    public LeasePool? LeasesOf(Server server, int respVersion) => _pool is null ? null : LaneOf(respVersion).LeasesOf(server);

    /// <summary>A server invalidates keys.</summary>
    /// <param name="place">Place of the request whose reply goes before it.</param>
    /// <param name="frame">The push; valid during the call only.</param>
    public void Deliver(long place, ReadOnlySpan<byte> frame)
    {
        if (_pool is null)
        {
            // What was under way at its end.
            return;
        }

        if (Options.Redirect != 0)
        {
            Redirect(frame[Invalidation.Header.Length..]);
        }
        else if (_client.RespVersion >= 3)
        {
            _client.Push(place, frame);
        }
    }

    /// <summary>
    /// A server sent something. When it says that all keys are invalid, as others said after replies that are not older, then the client knows:
    /// one FLUSHALL is told once, as by one server.
    /// </summary>
    /// <param name="server">Which server.</param>
    /// <param name="place">Place of the request whose reply goes before it.</param>
    /// <param name="frame">The push; valid during the call only.</param>
    public void DeliverFrom(Server server, long place, ReadOnlySpan<byte> frame)
    {
        if (frame[Invalidation.Header.Length..].SequenceEqual(Invalidation.All(respVersion: 3)))
        {
            if (place <= _flushedAt && _flushed.Count > 0 && _flushed.Add(server))
            {
                return;
            }

            _flushed.Clear();
            _flushed.Add(server);
            _flushedAt = place;
        }

        Deliver(place, frame);
    }

    /// <summary>Something may have been missed.</summary>
    /// <param name="place">Place of the request whose reply goes before it.</param>
    public void InvalidateAll(long place) => Deliver(place, [.. Invalidation.Header, .. Invalidation.All(_client.RespVersion)]);

    /// <summary>A server answered, or cannot be asked.</summary>
    public void OnRegistered(byte[]? error, BackendFailure? failure) => _asked!.OnAnswer(error, failure);

    /// <summary>A connection is lost. Where changes are announced unasked it is opened again without a request.</summary>
    public void OnConnectionLost(TrackedConnection connection, bool wasRegistered)
    {
        if (wasRegistered && (Options.IsBroadcast || connection.Lease is not null))
        {
            _client.Worker.Loop.Schedule(
                () =>
                {
                    if (_pool is not null)
                    {
                        Sweep();
                    }
                },
                OpenAgain);
        }
    }

    private void OpenMissing()
    {
        foreach (var shard in _snapshot!.Shards)
        {
            var server = shard.Primary;
            if (server.Health.State != ServerState.Ejected
                && (Options.IsBroadcast || _connections.GetValueOrDefault(server)?.Lease is not null)
                && ConnectionTo(server) is { IsRegistered: false, IsRegistering: false } connection)
            {
                _ = connection.Register(Options, isAwaited: false);
            }
        }
    }

    private void Redirect(ReadOnlySpan<byte> keys)
    {
        if (_target is not { } target)
        {
            OnRedirectBroken(null);
        }
        else if (ReferenceEquals(target.Worker, _client.Worker))
        {
            if (!Invalidation.TrySend(target, keys))
            {
                OnRedirectBroken(target);
            }
        }
        else
        {
            var copy = keys.ToArray();
            target.Worker.Loop.Execute(() =>
            {
                if (!Invalidation.TrySend(target, copy))
                {
                    _client.Worker.Loop.Execute(() => OnRedirectBroken(target));
                }
            });
        }
    }

    private void OnRedirectBroken(ClientSession? target)
    {
        // It may redirect to another by now.
        if (Options.Redirect == 0 || _pool is null || !ReferenceEquals(_target, target))
        {
            return;
        }

        _target = null;
        IsRedirectBroken = true;
        if (_client.RespVersion >= 3)
        {
            _client.Push(Invalidation.RedirectBroken(Options.Redirect));
        }
    }

    private TrackedConnection ConnectionTo(Server server)
    {
        if (!_connections.TryGetValue(server, out var connection))
        {
            connection = new TrackedConnection(this, _client, server);
            _connections.Add(server, connection);
        }

        return connection;
    }

    private LaneConnections LaneOf(int respVersion)
    {
        var lane = _lanes.Find(lane => lane.Lane.RespVersion == respVersion);
        if (lane is null)
        {
            lane = _pool!.LaneFor(new Lane(_pool.Snapshot.Model.Database, respVersion, _client.Login.ServerUser));
            lane.Enter();
            _lanes.Add(lane);
        }

        return lane;
    }

    private void CloseConnections()
    {
        var connections = _connections.Values.ToArray();
        _connections.Clear();
        foreach (var connection in connections)
        {
            connection.End();
        }
    }

    private void LeaveLanes()
    {
        foreach (var lane in _lanes)
        {
            lane.Leave();
        }

        _lanes.Clear();
        _flushed.Clear();
    }

    private static byte[][] Join(IReadOnlyList<byte[]> present, IReadOnlyList<byte[]> added)
    {
        var all = present.Concat(added.Count > 0 ? added : [[]]).ToList();
        all.Sort(static (one, other) => one.AsSpan().SequenceCompareTo(other));
        return [.. all.Where((prefix, i) => i == 0 || !prefix.AsSpan().SequenceEqual(all[i - 1]))];
    }
}
