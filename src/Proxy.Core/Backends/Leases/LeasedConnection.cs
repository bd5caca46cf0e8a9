using DotNetty.Transport.Channels;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends.Leases;

/// <summary>
/// A connection to a server that one holder has for itself. It is one socket and is never opened again: what the server knew of it is
/// lost with it.
/// <code>
///   Waiting ──▶ Opening ──▶ Ready ──given back──▶ Ready, in its pool ──taken──▶ Ready …        any ──▶ Closed
/// </code>
/// Requests may be entered as soon as it is taken; they are sent when it is ready. Used on the worker's loop only.
/// </summary>
internal sealed class LeasedConnection : IServerLink, IFlushable, ITicking, IBackendChannelOwner, IPushSink
{
    /// <summary>Bytes waiting for the server beyond which its holder is asked to wait.</summary>
    private const int OutputHighWater = 1024 * 1024;

    private readonly LeasePool _pool;
    private readonly Worker _worker;
    private readonly ServerCounters _counters;
    private readonly RequestStream _requests;
    private readonly ReplyReceiver _receiver;
    private readonly DrainWaiters _waiting = new();
    private ChannelOpener? _opener;
    private BackendHandler? _handler;
    private IChannel? _channel;
    private BackendFailure? _ending;
    private LoadedScripts? _scripts;
    private long _receivedMs;
    private bool _dirty;
    private bool _ticking;
    private bool _paused;
    private bool _receiving;

    /// <param name="pool">Where it is given back.</param>
    /// <param name="worker">Whose it is.</param>
    public LeasedConnection(LeasePool pool, Worker worker)
    {
        _pool = pool;
        _worker = worker;
        _counters = pool.Server.Counters[worker.Index];
        _requests = new RequestStream(worker, _counters);
        _receiver = new ReplyReceiver(_requests, pool.Server, worker, this);
    }

    /// <summary>Where it stands.</summary>
    public LeaseState State { get; private set; }

    /// <summary>Who has it; null while it is in its pool.</summary>
    public ILeaseHolder? Holder { get; private set; }

    /// <inheritdoc/>
    public Server Server => _pool.Server;

    /// <inheritdoc cref="LeasePool.Shared"/>
    public BackendConnection Shared => _pool.Shared;

    /// <inheritdoc/>
    public LoadedScripts Scripts => _scripts ??= new LoadedScripts();

    /// <summary>Why it is closed; null while it is not.</summary>
    public BackendFailure? Failure => _ending;

    /// <summary>What the server calls it (CLIENT ID); 0 until it is ready, or if the server does not tell.</summary>
    public long ServerClientId { get; private set; }

    /// <summary>Requests that are not answered.</summary>
    public int Count => _requests.Count;

    /// <summary>True if the next request on it could not tell it from a new one, as far as replies show.</summary>
    public bool IsClean => State == LeaseState.Ready && !_paused && _ending is null && _requests.Count == 0 && Output.IsEmpty;

    /// <summary>Its place in the list of its pool.</summary>
    public int PoolIndex { get; set; }

    /// <inheritdoc/>
    public OutBuffer Output => _requests.Output;

    /// <inheritdoc/>
    public bool IsCongested => Output.Length > OutputHighWater;

    /// <inheritdoc/>
    public long PushLimit => _pool.Model.ClientOutputLimit;

    /// <inheritdoc/>
    public bool TakesUnasked => Holder is { TakesUnasked: true };

    /// <summary>Milliseconds that a server may owe an answer.</summary>
    private long Patience => (long)_pool.Model.TimeoutMs + _pool.Model.ServerHardTimeoutMs;

    /// <summary>
    /// When the server has had time enough: for the oldest request, or for the next bytes of a reply that it began. No time is running
    /// while the client of the reply is the one that is slow.
    /// </summary>
    private long DueMs => _requests.Count == 0 || _paused || State == LeaseState.Closed ? long.MaxValue
        : _receiver.IsStreaming ? _receivedMs + Patience
        : _requests.Oldest.DeadlineMs;

    /// <summary>
    /// Enters a request that the server answers at once. If it does not in time (<c>timeout</c>, or else <c>server_hard_timeout</c>), the
    /// connection is closed: its holder waits for nothing else.
    /// </summary>
    /// <inheritdoc/>
    public void Enqueue(InFlight request, long length)
    {
        var model = _pool.Model;
        Enter(request, length, _worker.NowMs + (model.TimeoutMs > 0 ? model.TimeoutMs : Patience));
        if (!_ticking && State != LeaseState.Closed)
        {
            _ticking = true;
            _worker.AddTicking(this, request.DeadlineMs);
        }
    }

    /// <summary>Enters a request that the server answers when it has something, or its own timeout is over. No other may follow before.</summary>
    /// <param name="request">Its place in the queue.</param>
    /// <param name="length">Bytes appended to <see cref="Output"/>.</param>
    /// <param name="timeoutMs">Milliseconds that the server was told to wait; 0: as long as it takes.</param>
    public void EnqueueBlocking(InFlight request, long length, long timeoutMs) =>

        // It is looked at by the pool's sweep, once a second: thousands that wait must not be walked at every tick.
        Enter(request, length, timeoutMs == 0 ? long.MaxValue : _worker.NowMs + timeoutMs + Patience);

    /// <summary>Sends words that no reply answers, but perhaps pushes, which were just appended to <see cref="Output"/>.</summary>
    public void EnterUnanswered(long length)
    {
        _requests.EnterUnanswered(length);
        MarkDirty();
    }

    /// <summary>
    /// The holder is done with it and left nothing on it that another could notice: no WATCH, subscription or database. It is kept for the
    /// next if nothing is outstanding, and closed otherwise.
    /// </summary>
    public void GiveBack()
    {
        Holder = null;
        if (!IsClean || !_pool.TryKeep(this))
        {
            Close();
        }
    }

    /// <summary>The holder is done with it. It closes at once; requests that are outstanding fail.</summary>
    public void Close()
    {
        Holder = null;
        if (End(ServerCloseReason.Retired, new BackendFailure(FailureKind.Lost, Server)))
        {
            ReleaseWaiting();
        }
    }

    /// <inheritdoc/>
    public void WhenDrained(IDrainWaiter waiter) => _waiting.Add(waiter);

    /// <inheritdoc/>
    public void Resume()
    {
        if (_paused)
        {
            _paused = false;
            _receivedMs = _worker.NowMs;
            if (_channel is { } channel)
            {
                channel.Configuration.AutoRead = true;
            }
        }
    }

    /// <summary>It belongs to <paramref name="holder"/> from now on.</summary>
    public void Lend(ILeaseHolder holder) => Holder = holder;

    /// <summary>Opens it.</summary>
    public void Open()
    {
        State = LeaseState.Opening;
        _opener = new ChannelOpener(_pool.Owner, _worker, OnReady, OnOpenFailed, asksClientId: true);
        _opener.Open();
    }

    /// <summary>It failed: tells its requests, then its holder, and then those that wait to send more.</summary>
    public void Lose(ServerCloseReason reason, BackendFailure failure)
    {
        // Its requests are told first; they may close it, or give it back.
        if (!End(reason, failure))
        {
            return;
        }

        if (Holder is { } holder)
        {
            Holder = null;
            holder.OnLost(this, failure);
        }

        // They go on at once: the holder must not lead them here again.
        ReleaseWaiting();
    }

    /// <summary>Closes it if the server is overdue.</summary>
    public void CheckDeadline(long nowMs)
    {
        if (DueMs <= nowMs)
        {
            var failure = new BackendFailure(FailureKind.TimedOut, Server);
            _pool.ReportFailure(failure);
            Lose(ServerCloseReason.Timeout, failure);
        }
    }

    /// <inheritdoc/>
    public long Tick(long nowMs)
    {
        CheckDeadline(nowMs);
        var dueMs = DueMs;
        _ticking = dueMs != long.MaxValue;
        return dueMs;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        _dirty = false;
        if (State != LeaseState.Ready || Output.IsEmpty || !_channel!.IsWritable)
        {
            return;
        }

        _requests.MarkSent();
        _worker.Writer.Write(_channel, Output);
        ReleaseWaiting();
    }

    /// <inheritdoc/>
    public void OnWritable() => MarkDirty();

    /// <inheritdoc/>
    public void OnBytes(ReadOnlySpan<byte> bytes)
    {
        _worker.RefreshClock();
        _receivedMs = _worker.NowMs;
        _pool.Heard();
        _receiving = true;
        try
        {
            ReceiveReplies(bytes);
        }
        finally
        {
            _receiving = false;
            if (_ending is not null)
            {
                FailRequests();
                ReleaseWaiting();
            }
        }
    }

    /// <inheritdoc/>
    public void OnClosed(FailureKind kind, string? detail)
    {
        var failure = new BackendFailure(kind, Server, detail);
        if (Count > 0)
        {
            _pool.ReportFailure(failure);
        }

        Lose(FailureCount.OfClose(kind), failure);
    }

    /// <inheritdoc/>
    public void OnPush(ReadOnlySpan<byte> frame)
    {
        if (Holder is { } holder)
        {
            holder.OnPush(this, frame);
        }
        else if (State == LeaseState.Ready)
        {
            // Something was left on it that its next holder would notice.
            Close();
        }
    }

    /// <inheritdoc/>
    public void OnPushDropped() => Holder?.OnPushDropped(this);

    private void Enter(InFlight request, long length, long deadlineMs)
    {
        request.QueuedTicks = _worker.Now;
        request.QueuedMs = _worker.NowMs;
        request.DeadlineMs = deadlineMs;
        _requests.Enter(request, length);
        if (State == LeaseState.Closed)
        {
            // Whoever entered it does not know of the end yet: it fails as those before it did.
            _worker.Loop.Execute(FailRequests);
        }
        else
        {
            MarkDirty();
        }
    }

    private void ReceiveReplies(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && _channel is not null)
        {
            switch (_receiver.Receive(ref bytes, _counters, _worker.Now))
            {
                case ReceiveResult.Reply when _paused:
                    // Its end was read already: there is nothing to make room for any more.
                    Resume();
                    break;
                case ReceiveResult.Congested:
                    Pause();
                    break;
                case ReceiveResult.Garbage:
                    _receiving = false;
                    Lose(ServerCloseReason.Protocol, new BackendFailure(FailureKind.Garbage, Server, _receiver.Problem));
                    break;
            }
        }
    }

    private void Pause()
    {
        if (_paused || _channel is null)
        {
            return;
        }

        _paused = true;
        _channel.Configuration.AutoRead = false;
        _requests.Oldest.WhenDrained(this);
    }

    private void MarkDirty()
    {
        if (!_dirty)
        {
            _dirty = true;
            _worker.MarkServer(this);
        }
    }

    private void OnReady(IChannel channel, BackendHandler handler)
    {
        ServerClientId = _opener!.ServerClientId;
        _opener = null;
        _channel = channel;
        _handler = handler;
        handler.Attach(this);
        State = LeaseState.Ready;
        _counters.Connected();
        MarkDirty();
        _pool.Opened();
    }

    private void OnOpenFailed(BackendFailure failure)
    {
        _opener = null;
        _counters.ConnectFailed(FailureCount.OfConnect(failure.Kind));
        _pool.OpenFailed(this, failure);
    }

    private bool End(ServerCloseReason reason, BackendFailure failure)
    {
        if (State == LeaseState.Closed)
        {
            return false;
        }

        var before = State;
        State = LeaseState.Closed;
        if (before == LeaseState.Ready)
        {
            _counters.Closed(reason);
        }

        LetGo();
        _pool.Gone(this, before);
        _ending = failure;
        if (!_receiving)
        {
            FailRequests();
        }

        return true;
    }

    /// <summary>Not from within a reply that is being passed on: its request would be told of its end in the middle of it.</summary>
    private void FailRequests()
    {
        if (_ending is { } failure)
        {
            _receiver.Reset();
            _requests.FailAll(failure);
        }
    }

    private void LetGo()
    {
        _opener?.GiveUp(_pool.OpeningOver);
        _opener = null;
        _handler?.Detach();
        _handler = null;
        if (_channel is { } channel)
        {
            _channel = null;
            _worker.Counters.ConnectionClosed();
            channel.CloseAsync();
        }

        _paused = false;
    }

    private void ReleaseWaiting()
    {
        if (!_receiving && (!IsCongested || State == LeaseState.Closed))
        {
            _waiting.Release();
        }
    }
}
