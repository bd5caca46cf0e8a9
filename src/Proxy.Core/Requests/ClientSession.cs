using System.Runtime.CompilerServices;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Blocking;
using Proxy.Core.Requests.Monitoring;
using Proxy.Core.Requests.PubSub;
using Proxy.Core.Requests.Scripts;
using Proxy.Core.Requests.Sessions;
using Proxy.Core.Requests.Tracking;
using Proxy.Core.Requests.Transactions;
using Proxy.Core.Requests.Users;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Requests;

/// <summary>
/// A client as its requests see it: who it is, and what it asked to be different for its requests. Derived in Clients, which know its channel.
/// Used on the worker's loop only.
/// </summary>
internal abstract class ClientSession : ClientFlow
{
    private ReplyMode _replyMode;
    private LaneConnections? _lane;
    private ClientWrites _writes;
    private int? _database;
    private IBlockedCommand? _blocked;
    private PoolCounters? _blockedIn;
    private PoolPause? _pausedBy;

    protected ClientSession(long id, Worker worker)
        : base(id, worker)
    {
        Login = new Login(this);
        ConnectedMs = Environment.TickCount64;
        LastRequestMs = ConnectedMs;
        _writes = new ClientWrites(worker.LinksLeft);
    }

    /// <summary>The payload that is missing in a request with a detached argument. Whoever forwards the request takes it.</summary>
    public abstract OutBuffer DetachedPayload { get; }

    /// <summary>Bytes that it sent and that are not decoded yet.</summary>
    public abstract int InputBytes { get; }

    /// <summary>Bytes for which there is room behind those.</summary>
    public abstract int InputRoom { get; }

    /// <summary>What it is subscribed to; null if it never was to anything.</summary>
    public SubscriberState? Subscriptions { get; set; }

    /// <summary>What stands in the way of its requests.</summary>
    public SessionGate Gate { get; private set; }

    /// <summary>The version of RESP that it speaks: 2, until HELLO 3.</summary>
    public int RespVersion { get; private set; } = 2;

    /// <summary>The database it selected; until then the pool's.</summary>
    public int Database => _database ?? Model.Database;

    /// <summary>Which replies it wants.</summary>
    public ReplyMode ReplyMode
    {
        get => _replyMode;
        set
        {
            _replyMode = value;
            SetGate(SessionGate.Muted, value != ReplyMode.On);
        }
    }

    /// <summary>True once it gave the pool's password, or while the pool has none.</summary>
    public bool IsAuthenticated => (Gate & SessionGate.NoAuth) == 0;

    /// <summary>What it queued since MULTI; null while no transaction is open.</summary>
    public TransactionState? Transaction { get; set; }

    /// <summary>The request of it that waits at a server for what others do; null if there is none.</summary>
    public IBlockedCommand? Blocked
    {
        get => _blocked;
        set
        {
            // A reload may lead it to another pool meanwhile.
            _blockedIn?.ClientUnblocked();
            _blocked = value;
            _blockedIn = value is null ? null : Counters;
            _blockedIn?.ClientBlocked();
        }
    }

    /// <summary>Whether a server runs a script that its next request has to wait for; null unless that was asked.</summary>
    public BusyProbe? BusyProbe { get; set; }

    /// <summary>The pause for whose end its next request waits; null if it waits for none.</summary>
    public PoolPause? PausedBy
    {
        get => _pausedBy;
        set
        {
            _pausedBy?.Leave();
            _pausedBy = value;
            value?.Enter();
        }
    }

    /// <summary>Where it wrote, for WAIT.</summary>
    public ref ClientWrites Writes => ref _writes;

    /// <summary>The connection on which it watches keys; null while it watches none.</summary>
    public WatchState? Watch { get; set; }

    /// <summary>Who it is.</summary>
    public Login Login { get; }

    /// <summary>What it asked for with CLIENT TRACKING; null while that is off.</summary>
    public TrackingState? Tracking { get; private set; }

    /// <summary>Where its MONITOR stands; null if it is not monitoring.</summary>
    public MonitorState? Monitor { get; private set; }

    /// <summary>What it told about itself.</summary>
    public ClientIdentity Identity { get; } = new();

    /// <summary>Where it connects from, as Redis writes addresses.</summary>
    public abstract string RemoteAddress { get; }

    /// <summary>Where it connected to.</summary>
    public abstract string LocalAddress { get; }

    /// <summary>When it connected, in <see cref="Environment.TickCount64"/>.</summary>
    public long ConnectedMs { get; }

    /// <summary>When its last request came, in <see cref="Environment.TickCount64"/>.</summary>
    public long LastRequestMs { get; set; }

    /// <summary>The connections that its requests take in a pool, which is its <see cref="ClientFlow.Pool"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneConnections LaneIn(PoolConnections pool) =>
        _lane is { IsRetired: false } lane && ReferenceEquals(lane.Pool, pool) ? lane : EnterLane(pool);

    /// <summary>The ways of its requests in a pool, which is its <see cref="ClientFlow.Pool"/>.</summary>
    public IShardLinks LinksIn(PoolConnections pool) => Tracking is { } tracking ? tracking.TakeUp(pool) : LaneIn(pool);

    /// <summary>It goes on in another database. Nothing of it is under way.</summary>
    /// <param name="database">Null for the pool's.</param>
    public void ChangeDatabase(int? database)
    {
        _database = database;
        LeaveLane();
    }

    /// <summary>It goes on in another version of RESP, 2 or 3. Nothing of it is under way.</summary>
    public void ChangeProtocol(int respVersion)
    {
        RespVersion = respVersion;
        Subscriptions?.RefreshGate();
        LeaveLane();
        Tracking?.OnProtocolChanged();
    }

    /// <inheritdoc cref="ClientWrites.Add"/>
    public void NoteWrite(IServerLink link) => _writes.Add(link);

    /// <inheritdoc cref="ClientWrites.AddOther"/>
    public void NoteOtherWrite(ulong server) => _writes.AddOther(server);

    /// <summary>Its next request looks for its connections anew. Nothing of it is under way.</summary>
    public void LeaveLane()
    {
        _lane?.Leave();
        _lane = null;
        _writes.Leave(Worker.LinksLeft);
    }

    /// <summary>MULTI: what comes is queued.</summary>
    public void BeginTransaction()
    {
        Transaction = new TransactionState(Worker.Blocks)
        {
            Shard = Watch?.Shard ?? TransactionState.NoShard,
            Snapshot = Watch?.Snapshot,
            CheckedAs = Login.User,
            Denied = Model.DenyCommands,
        };
        SetGate(SessionGate.Multi, true);
    }

    /// <summary>It watches nothing any more.</summary>
    public void ReleaseWatch()
    {
        Watch?.Release();
        Watch = null;
    }

    /// <summary>Drops the transaction that is open, if any, and the watch.</summary>
    public void EndTransaction()
    {
        Transaction?.Clear();
        Transaction = null;
        SetGate(SessionGate.Multi, false);
        ReleaseWatch();
    }

    /// <summary>CLIENT TRACKING ON: its requests go over connections of its own. Nothing of it is under way.</summary>
    public TrackingState BeginTracking()
    {
        if (Tracking is null)
        {
            // What is watched on another connection is read there: EXEC will not run.
            Watch?.Close();
            CountPlaces();
            Tracking = new TrackingState(this);
            SetGate(SessionGate.Tracking, true);
        }

        return Tracking;
    }

    /// <summary>CLIENT TRACKING OFF.</summary>
    public void EndTracking()
    {
        if (Tracking is { } tracking)
        {
            Watch?.Close();
            Tracking = null;
            SetGate(SessionGate.Tracking, false);
            tracking.End();
        }
    }

    /// <summary>MONITOR: it is sent what servers are asked.</summary>
    public MonitorState BeginMonitor()
    {
        Monitor = new MonitorState(this);
        SetGate(SessionGate.Monitor, true);
        return Monitor;
    }

    /// <summary>It is sent no more of it.</summary>
    public void EndMonitor()
    {
        if (Monitor is { } monitor)
        {
            Monitor = null;
            SetGate(SessionGate.Monitor, false);
            monitor.End();
        }
    }

    /// <summary>Something stands in the way of its requests, or no longer.</summary>
    public void SetGate(SessionGate part, bool isSet) => Gate = isSet ? Gate | part : Gate & ~part;

    /// <summary>It gave the password, or took it back.</summary>
    public virtual void SetAuthenticated(bool isAuthenticated) => SetGate(SessionGate.NoAuth, !isAuthenticated);

    /// <summary>CLIENT UNBLOCK: ends what it waits for at a server.</summary>
    /// <param name="withError">Whether it gets an error, or the reply of a timeout.</param>
    /// <param name="done">Is told, on the worker's loop, whether there was a wait that ended by this.</param>
    public void Unblock(bool withError, Action<bool> done)
    {
        if (Blocked is { } blocked)
        {
            blocked.Unblock(withError, done);
        }
        else
        {
            done(false);
        }
    }

    /// <inheritdoc/>
    protected override void OnPutBackEnded() => Login.OnAllAnswered();

    /// <summary>The client is gone: what is still under way for it runs on and is swallowed.</summary>
    protected void LetGoOfRequests()
    {
        Subscriptions?.End();
        LeaveLane();
        Replies.Abandon();
        Blocked?.LetGo();
        PausedBy = null;
        Watch?.Close();
        Watch = null;
        EndTransaction();
        EndTracking();
        EndMonitor();
        Drop();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private LaneConnections EnterLane(PoolConnections pool)
    {
        LeaveLane();
        _lane = pool.LaneFor(new Lane(Database, RespVersion, Login.ServerUser));
        _lane.Enter();
        return _lane;
    }
}
