using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Core.Workers;

namespace Proxy.Core.Requests;

/// <summary>
/// What flows to a client, and when it may send the next request: the order of its replies, what may wait for it, and what it waits for. The
/// lower half of a <see cref="ClientSession"/>: one object, since all of this is touched by every request. Used on the worker's loop only.
/// </summary>
internal abstract class ClientFlow : IDrainWaiter
{
    /// <summary>Requests under way before the first reply shows how large this client's replies are.</summary>
    private const int FirstWindow = 64;

    /// <summary>Bytes that may wait for a client that is sent pushes while memory is exhausted.</summary>
    private const int KeptWithoutMemory = 64 * 1024;

    /// <summary>Bytes of a reply that the proxy makes itself while memory is exhausted: COMMAND takes two hundred thousand.</summary>
    private const int MadeWithoutMemory = 1024 * 1024;

    private readonly List<PausedReply> _paused = [];
    private ClientPushes? _pushes;
    private long _typicalReply;

    // For how many reasons no request is taken: holds, one for a server to wait for, one for a request that was put back.
    private int _stops;
    private bool _isPutBack;

    protected ClientFlow(long id, Worker worker)
    {
        Id = id;
        Worker = worker;
        Output = new OutBuffer(worker.Blocks);
        Replies = new ReplyQueue(this);
    }

    /// <summary>Unique in the process, rising; what CLIENT ID answers.</summary>
    public long Id { get; }

    /// <summary>The worker it lives on.</summary>
    public Worker Worker { get; }

    /// <summary>Bytes of replies that are in order and not yet handed to the channel.</summary>
    public OutBuffer Output { get; }

    /// <summary>Its requests that are not answered yet, oldest first.</summary>
    public ReplyQueue Replies { get; }

    /// <summary>The worker's connections for the pool that its listener leads to at the moment.</summary>
    public abstract PoolConnections Pool { get; }

    /// <summary>The settings that apply to it.</summary>
    public PoolModel Model => Pool.Snapshot.Model;

    /// <summary>What its worker counts for its pool.</summary>
    public PoolCounters Counters => Pool.Counters;

    /// <summary>True once it takes no further request, and is sent nothing but the replies to those before.</summary>
    public abstract bool IsClosing { get; }

    /// <summary>True once it is gone: what is written for it goes nowhere.</summary>
    public abstract bool IsGone { get; }

    /// <summary>Bytes of replies that arrived before their turn.</summary>
    public long EarlyBytes { get; set; }

    /// <summary>
    /// The place of its youngest request in the order of its replies, by which a push can be kept back until that is answered
    /// (<see cref="HeldPushes"/>). Only while it is tracking.
    /// </summary>
    public long LastPlace => (_pushes?.Left ?? 0) + Replies.Count;

    /// <summary>True while it waits for a server to take what it was sent.</summary>
    public bool IsWaitingForServer { get; private set; }

    /// <summary>
    /// How many requests it may have under way: as many as will have replies of which half the output limit holds all, judged by
    /// the size of its last replies, and never more than <c>client_pipeline_limit</c>.
    /// </summary>
    protected int Window { get; private set; } = FirstWindow;

    /// <summary>True while no request of it may be taken, whatever it would be.</summary>
    protected bool IsStopped => _stops > 0;

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

        _pushes ??= new ClientPushes(Worker.Blocks);
        if (Replies.Head is { IsPartlyOut: true })
        {
            behind = Math.Max(behind, _pushes.Left + 1);
        }

        if (behind > _pushes.Left)
        {
            _pushes.Hold(behind, frame, rest);
            EarlyBytes += frame.Length + rest.Length;
        }
        else
        {
            _pushes.Send(Output, frame, rest);
            MarkDirty();
        }

        // Nobody can be made to wait: not the one who publishes, nor the others who are subscribed.
        if (_pushes.Length > Model.SubscriberOutputLimit)
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
            EarlyBytes -= pushes.Release(Output);
        }
    }

    /// <summary>A reply grew: drops the client when more waits for it than it may keep waiting.</summary>
    /// <param name="joined">Bytes of them that are one joined reply, which has its own limit.</param>
    public void CheckOutput(long joined = 0)
    {
        if (Output.Length + EarlyBytes - (_pushes?.Length ?? 0) - joined > Model.ClientOutputLimit)
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

    /// <summary>Nothing of it is under way any more; <see cref="Continue"/> follows.</summary>
    public void OnAllAnswered()
    {
        if (_isPutBack)
        {
            _isPutBack = false;
            _stops--;
            OnPutBackEnded();
        }
    }

    /// <summary>Has <paramref name="stopped"/>, which stopped in the middle of a reply, go on once there is room for it.</summary>
    public void ResumeWhenRoom(IResumable stopped, PendingRequest reply) => _paused.Add(new PausedReply(stopped, reply));

    /// <summary>A request that was put back may come again: what it waited for is answered.</summary>
    protected abstract void OnPutBackEnded();

    /// <summary>The places of its requests are counted from now on: see <see cref="LastPlace"/>.</summary>
    protected void CountPlaces() => (_pushes ??= new ClientPushes(Worker.Blocks)).CountPlaces();

    /// <summary>The first bytes of <see cref="Output"/> were handed to the channel.</summary>
    protected void OnSent(long bytes) => _pushes?.OnSent(bytes);

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

    /// <summary>The client is gone: what waits for it is dropped, and what waits for room reads on.</summary>
    protected void Drop()
    {
        Output.Clear();
        _pushes?.Clear();
        foreach (var paused in _paused)
        {
            paused.Stopped.Resume();
        }

        _paused.Clear();
    }

    private readonly record struct PausedReply(IResumable Stopped, PendingRequest Reply);
}
