using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
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

    private readonly List<PausedReply> _paused = [];
    private long _typicalReply;
    private int _holds;

    protected ClientSession(long id, Worker worker)
    {
        Id = id;
        Worker = worker;
        Output = new OutBuffer(worker.Blocks);
        Replies = new ReplyQueue(this);
        ConnectedMs = Environment.TickCount64;
        LastRequestMs = ConnectedMs;
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

    /// <summary>What it told about itself, and whether it gave the password.</summary>
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

    /// <summary>True while it waits for a server to take what it was sent.</summary>
    public bool IsWaitingForServer { get; private set; }

    /// <summary>True while requests of it are outstanding on a connection that left the shared set.</summary>
    public bool IsHeld => _holds > 0;

    /// <summary>The settings that apply to it.</summary>
    public PoolModel Model => Pool.Snapshot.Model;

    /// <summary>What its worker counts for its pool.</summary>
    public PoolCounters Counters => Pool.Counters;

    /// <summary>It gave the password, or took it back.</summary>
    public abstract void OnAuthenticationChanged();

    /// <summary>Has <see cref="Output"/> handed to the channel at the end of the turn.</summary>
    public abstract void MarkDirty();

    /// <summary>Replies left the queue, or something it waited for is over: it may go on.</summary>
    public abstract void Continue();

    /// <summary>Takes no further request; closes once everything before is answered and sent.</summary>
    public abstract void CloseAfterReplies(ClientCloseReason reason);

    /// <summary>Closes at once: what it was being sent cannot be made whole, or it does not take what it asked for.</summary>
    public abstract void Abort(ClientCloseReason reason);

    /// <summary>A reply grew: drops the client when more waits for it than it may keep waiting.</summary>
    /// <param name="joined">Bytes of them that are one joined reply, which has its own limit.</param>
    public void CheckOutput(long joined = 0)
    {
        if (Output.Length + EarlyBytes - joined > Model.ClientOutputLimit)
        {
            Abort(ClientCloseReason.OutputLimit);
        }
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
    public void WaitFor(BackendConnection connection)
    {
        if (!IsWaitingForServer)
        {
            IsWaitingForServer = true;
            connection.WhenDrained(this);
        }
    }

    /// <inheritdoc/>
    public void OnDrained()
    {
        IsWaitingForServer = false;
        Continue();
    }

    /// <summary>A request of it is outstanding on a connection that left the shared set: nothing more is sent before it is done.</summary>
    public void Hold() => _holds++;

    /// <summary>One such request is done.</summary>
    public void Release()
    {
        if (--_holds == 0)
        {
            Continue();
        }
    }

    /// <summary>Has <paramref name="connection"/>, which stopped reading in the middle of a reply, read on once there is room for it.</summary>
    public void ResumeWhenRoom(BackendConnection connection, PendingRequest reply) => _paused.Add(new PausedReply(connection, reply));

    /// <summary>Lets connections read on for whose replies there is room again.</summary>
    protected void ResumePaused()
    {
        for (var i = _paused.Count - 1; i >= 0; i--)
        {
            var paused = _paused[i];
            if (paused.Reply.HasRoom)
            {
                _paused.RemoveAt(i);
                paused.Connection.Resume();
            }
        }
    }

    /// <summary>The client is gone: what is still under way for it runs on and is swallowed.</summary>
    protected void LetGoOfRequests()
    {
        Replies.Abandon();
        Output.Clear();
        foreach (var paused in _paused)
        {
            paused.Connection.Resume();
        }

        _paused.Clear();
    }

    private readonly record struct PausedReply(BackendConnection Connection, PendingRequest Reply);
}
