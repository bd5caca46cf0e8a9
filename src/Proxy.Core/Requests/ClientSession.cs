using System.Runtime.CompilerServices;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Core.Requests.Blocking;
using Proxy.Core.Requests.Monitoring;
using Proxy.Core.Requests.PubSub;
using Proxy.Core.Requests.Sessions;
using Proxy.Core.Requests.Tracking;
using Proxy.Core.Requests.Transactions;
using Proxy.Core.Requests.Users;
using Proxy.Core.Workers;

namespace Proxy.Core.Requests;

/// <summary>
/// A client as its requests see it: who it is, where its replies go, and the order they go in. Derived in Clients, which know its
/// channel. Used on the worker's loop only.
/// </summary>
internal abstract class ClientSession : IDrainWaiter
{
    /// <summary>Requests under way before the first reply shows how large this client's replies are.</summary>
    private const int FirstWindow = 64;

    /// <summary>Bytes that may wait for a client that is sent pushes while memory is exhausted.</summary>
    private const int KeptWithoutMemory = 64 * 1024;

    /// <summary>Bytes of a reply that the proxy makes itself while memory is exhausted: COMMAND takes two hundred thousand.</summary>
    private const int MadeWithoutMemory = 1024 * 1024;

    private readonly List<PausedReply> _paused = [];
    private long _typicalReply;
    private ReplyMode _replyMode;
    private LaneConnections? _lane;

    // Made when a push has to wait for the first time, or may have to.
    private HeldPushes? _pushes;

    // Made with the first push.
    private UnsentPushes? _unsentPushes;
    private int? _database;

    // For how many reasons no request is taken: holds, one for a server to wait for, one for a request that was put back.
    private int _stops;
    private bool _isPutBack;
    private IBlockedCommand? _blocked;
    private PoolCounters? _blockedIn;

    protected ClientSession(long id, Worker worker)
    {
        Id = id;
        Worker = worker;
        Output = new OutBuffer(worker.Blocks);
        Replies = new ReplyQueue(this);
        Login = new Login(this);
        ConnectedMs = Environment.TickCount64;
        LastRequestMs = ConnectedMs;
        WrittenSince = worker.LinksLeft;
    }

    /// <summary>Unique in the process, rising; what CLIENT ID answers.</summary>
    public long Id { get; }

    /// <summary>The worker it lives on.</summary>
    public Worker Worker { get; }

    /// <summary>Bytes of replies that are in order and not yet handed to the channel.</summary>
    public OutBuffer Output { get; }

    /// <summary>Its requests that are not answered yet, oldest first.</summary>
    public ReplyQueue Replies { get; }

    /// <summary>The payload that is missing in a request with a detached argument. Whoever forwards the request takes it.</summary>
    public abstract OutBuffer DetachedPayload { get; }

    /// <summary>The worker's connections for the pool that its listener leads to at the moment.</summary>
    public abstract PoolConnections Pool { get; }

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

    /// <summary>True once it takes no further request, and is sent nothing but the replies to those before.</summary>
    public abstract bool IsClosing { get; }

    /// <summary>True once it is gone: what is written for it goes nowhere.</summary>
    public abstract bool IsGone { get; }

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

    /// <summary>
    /// Servers (<see cref="Topology.Server.Bit"/>) that it wrote to since <see cref="WrittenSince"/> over the connection that it shares. A
    /// request that may write adds its server: that is all that the hot path does for WAIT.
    /// </summary>
    public ulong WrittenServers { get; set; }

    /// <summary>Servers that it wrote to over other connections, former ones or its own.</summary>
    public ulong EarlierServers { get; private set; }

    /// <summary>From when on <see cref="WrittenServers"/> counts, by <see cref="Workers.Worker.LinksLeft"/>.</summary>
    public long WrittenSince { get; private set; }

    /// <summary>The connection on which it watches keys; null while it watches none.</summary>
    public WatchState? Watch { get; set; }

    /// <summary>Who it is.</summary>
    public Login Login { get; }

    /// <summary>What it asked for with CLIENT TRACKING; null while that is off.</summary>
    public TrackingState? Tracking { get; private set; }

    /// <summary>Where its MONITOR stands; null if it is not monitoring.</summary>
    public MonitorState? Monitor { get; private set; }

    /// <summary>
    /// The place of its youngest request in the order of its replies, by which a push can be kept back until that is answered
    /// (<see cref="HeldPushes"/>). Only while it is tracking.
    /// </summary>
    public long LastPlace => (_pushes?.Left ?? 0) + Replies.Count;

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

    /// <summary>Bytes of replies that arrived before their turn.</summary>
    public long EarlyBytes { get; set; }

    /// <summary>
    /// How many requests it may have under way: as many as will have replies of which half the output limit holds all, judged by
    /// the size of its last replies, and never more than <c>client_pipeline_limit</c>.
    /// </summary>
    protected int Window { get; private set; } = FirstWindow;

    /// <summary>Bytes that wait for it without its having asked for them.</summary>
    private long PushedBytes => (_unsentPushes?.Length ?? 0) + (_pushes?.Length ?? 0);

    /// <summary>True while it waits for a server to take what it was sent.</summary>
    public bool IsWaitingForServer { get; private set; }

    /// <summary>True while no request of it may be taken, whatever it would be.</summary>
    protected bool IsStopped => _stops > 0;

    /// <summary>The settings that apply to it.</summary>
    public PoolModel Model => Pool.Snapshot.Model;

    /// <summary>What its worker counts for its pool.</summary>
    public PoolCounters Counters => Pool.Counters;

    /// <summary>The connections that its requests take in a pool, which is its <see cref="Pool"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneConnections LaneIn(PoolConnections pool) =>
        _lane is { IsRetired: false } lane && ReferenceEquals(lane.Pool, pool) ? lane : EnterLane(pool);

    /// <summary>The ways of its requests in a pool, which is its <see cref="Pool"/>.</summary>
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

    /// <summary>It wrote over a connection, its own or one that it shares.</summary>
    public void NoteWrite(IServerLink link)
    {
        if (link is BackendConnection shared)
        {
            WrittenServers |= shared.ServerBit;
        }
        else
        {
            NoteOtherWrite(link.Server.Bit);
        }
    }

    /// <summary>It writes to a server over another connection than the one that it shares: what it wrote before comes before.</summary>
    public void NoteOtherWrite(ulong server)
    {
        EarlierServers |= server;
        WrittenServers &= ~server;
    }

    /// <summary>The connections that carried what it wrote so far are not those that it uses from now on.</summary>
    public void LeaveWrites()
    {
        EarlierServers |= WrittenServers;
        WrittenServers = 0;
        WrittenSince = Worker.LinksLeft;
    }

    /// <summary>Its next request looks for its connections anew. Nothing of it is under way.</summary>
    public void LeaveLane()
    {
        _lane?.Leave();
        _lane = null;
        LeaveWrites();
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
            _pushes ??= new HeldPushes(Worker.Blocks);
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

    /// <summary>Has <see cref="Output"/> handed to the channel at the end of the turn.</summary>
    public abstract void MarkDirty();

    /// <summary>Replies left the queue, or something it waited for is over: it may go on.</summary>
    public abstract void Continue();

    /// <summary>Takes no further request; closes once everything before is answered and sent.</summary>
    public abstract void CloseAfterReplies(ClientCloseReason reason);

    /// <summary>Closes at once: what it was being sent cannot be made whole, or it does not take what it asked for.</summary>
    public abstract void Abort(ClientCloseReason reason);

    /// <summary>
    /// Sends what no request asked for: a push, or what stands for one in version 2. It never gets between the parts of a reply: one that
    /// is partly out goes on first.
    /// </summary>
    /// <param name="frame">One or several whole messages, or the beginning of one. The caller may change them afterwards.</param>
    /// <param name="rest">What follows it.</param>
    public void Push(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> rest = default) => Push(behind: 0, frame, rest);

    /// <summary>The same, but not before a request is answered.</summary>
    /// <param name="behind">Place of the request whose reply goes before it: see <see cref="LastPlace"/>.</param>
    /// <param name="frame">One or several whole messages, or the beginning of one. The caller may change them afterwards.</param>
    /// <param name="rest">What follows it.</param>
    public void Push(long behind, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> rest = default)
    {
        if (IsClosing)
        {
            return;
        }

        var left = _pushes?.Left ?? 0;
        if (Replies.Head is { IsPartlyOut: true })
        {
            behind = Math.Max(behind, left + 1);
        }

        if (behind > left)
        {
            _pushes ??= new HeldPushes(Worker.Blocks);
            _pushes.Add(behind, frame, rest);
            EarlyBytes += frame.Length + rest.Length;
        }
        else
        {
            (_unsentPushes ??= new UnsentPushes()).Add(Output.Length, frame.Length + rest.Length);
            Output.Append(frame);
            Output.Append(rest);
            MarkDirty();
        }

        // Nobody can be made to wait: not the one who publishes, nor the others who are subscribed.
        if (PushedBytes > Model.SubscriberOutputLimit)
        {
            Abort(ClientCloseReason.SubscriberLimit);
        }
        else if (Output.Length + EarlyBytes > KeptWithoutMemory && Worker.Memory.IsExhausted)
        {
            Abort(ClientCloseReason.MemoryLimit);
        }
    }

    /// <summary>A reply is out: pushes that waited for its end follow it.</summary>
    public void ReleasePushes()
    {
        if (_pushes is { } pushes)
        {
            var before = Output.Length;
            var released = pushes.OnLeft(Output);
            if (released > 0)
            {
                EarlyBytes -= released;
                (_unsentPushes ??= new UnsentPushes()).Add(before, released);
            }
        }
    }

    /// <summary>A reply grew: drops the client when more waits for it than it may keep waiting.</summary>
    /// <param name="joined">Bytes of them that are one joined reply, which has its own limit.</param>
    public void CheckOutput(long joined = 0)
    {
        if (Output.Length + EarlyBytes - PushedBytes - joined > Model.ClientOutputLimit)
        {
            Abort(ClientCloseReason.OutputLimit);
        }
    }

    /// <summary>
    /// Looks at a reply that the proxy makes itself, between its parts: as it is made in one turn, nothing of it leaves before it is whole.
    /// Drops the client when more waits for it than it may keep waiting.
    /// </summary>
    /// <param name="reply">Where it is written.</param>
    /// <param name="joined">Bytes of it that came from servers, which have their own limit.</param>
    /// <returns>False if the client is gone, so that nobody needs the rest.</returns>
    public bool MayGrow(OutBuffer reply, long joined = 0)
    {
        var waiting = reply.Length - joined;
        if (!IsGone && waiting > Model.ClientOutputLimit)
        {
            Abort(ClientCloseReason.OutputLimit);
        }
        else if (!IsGone && waiting > MadeWithoutMemory && Worker.Memory.IsExhausted)
        {
            Abort(ClientCloseReason.MemoryLimit);
        }

        return !IsGone;
    }

    /// <summary>A reply of that many bytes is whole: what the next ones will take is judged by it.</summary>
    public void ObserveReply(long bytes)
    {
        // A moving average over about the last eight replies.
        _typicalReply += (bytes - _typicalReply) / 8;
        var model = Model;
        Window = (int)Math.Clamp(model.ClientOutputLimit / 2 / Math.Max(_typicalReply, 1), 1, model.ClientPipelineLimit);
    }

    /// <summary>Sends nothing more until <paramref name="connection"/> took what waits for it.</summary>
    public void WaitFor(IServerLink connection)
    {
        if (!IsWaitingForServer)
        {
            IsWaitingForServer = true;
            _stops++;
            connection.WhenDrained(this);
        }
    }

    /// <inheritdoc/>
    public void OnDrained()
    {
        IsWaitingForServer = false;
        _stops--;
        Continue();
    }

    /// <summary>A request of it is outstanding on a connection that left the shared set: nothing more is sent before it is done.</summary>
    public void Hold() => _stops++;

    /// <summary>One such request is done.</summary>
    public void Release()
    {
        if (--_stops == 0)
        {
            Continue();
        }
    }

    /// <summary>
    /// Nothing more is taken before <paramref name="task"/> is complete. The request that is being routed has to come again, unless it was answered.
    /// </summary>
    public void HoldUntil(Task task)
    {
        Hold();
        task.ContinueWith(_ => Worker.Loop.Execute(Release), TaskContinuationOptions.ExecuteSynchronously);
    }

    /// <summary>Whether the request that is being routed has to come again, once everything before it is answered.</summary>
    /// <returns>False if everything is: then it may go on.</returns>
    public bool PutBack()
    {
        if (Replies.Count == 0)
        {
            return false;
        }

        if (!_isPutBack)
        {
            _isPutBack = true;
            _stops++;
        }

        return true;
    }

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

    /// <summary>Nothing of it is under way any more; <see cref="Continue"/> follows.</summary>
    public void OnAllAnswered()
    {
        if (_isPutBack)
        {
            _isPutBack = false;
            _stops--;

            Login.OnAllAnswered();
        }
    }

    /// <summary>Has <paramref name="stopped"/>, which stopped in the middle of a reply, go on once there is room for it.</summary>
    public void ResumeWhenRoom(IResumable stopped, PendingRequest reply) => _paused.Add(new PausedReply(stopped, reply));

    /// <summary>The first bytes of <see cref="Output"/> were handed to the channel.</summary>
    protected void OnSent(long bytes) => _unsentPushes?.OnSent(bytes);

    /// <summary>Lets connections read on for whose replies there is room again.</summary>
    protected void ResumePaused()
    {
        for (var i = _paused.Count - 1; i >= 0; i--)
        {
            var paused = _paused[i];
            if (!ReferenceEquals(paused.Reply.Client, this) || paused.Reply.IsDone || paused.Reply.HasRoom)
            {
                _paused.RemoveAt(i);
                paused.Stopped.Resume();
            }
        }
    }

    /// <summary>The client is gone: what is still under way for it runs on and is swallowed.</summary>
    protected void LetGoOfRequests()
    {
        Subscriptions?.End();
        LeaveLane();
        Replies.Abandon();
        Blocked?.LetGo();
        Watch?.Close();
        Watch = null;
        EndTransaction();
        EndTracking();
        EndMonitor();
        Output.Clear();
        _pushes?.Clear();
        foreach (var paused in _paused)
        {
            paused.Stopped.Resume();
        }

        _paused.Clear();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private LaneConnections EnterLane(PoolConnections pool)
    {
        LeaveLane();
        _lane = pool.LaneFor(new Lane(Database, RespVersion, Login.ServerUser));
        _lane.Enter();
        return _lane;
    }

    private readonly record struct PausedReply(IResumable Stopped, PendingRequest Reply);
}
