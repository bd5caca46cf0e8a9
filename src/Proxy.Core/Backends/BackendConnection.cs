using DotNetty.Transport.Channels;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>
/// Our end of a connection to a server, shared by many clients. The object outlives its sockets: when one is lost it opens the next.
/// <code>
///   Idle ──request──▶ Opening ──────▶ Ready ──lost──▶ Opening …
///                        │ failed        │ the server closed it while nothing was asked ──▶ Idle
///                        ▼               ▼
///                       Down ──backoff──▶ Ready              Closed: retired, and the last request is done
/// </code>
/// Requests are appended to <see cref="Output"/> and entered in the stream; the bytes go to the channel once per turn of the loop.
/// Used on the worker's loop only.
/// </summary>
internal sealed class BackendConnection : IServerLink, IFlushable, ITicking, IBackendChannelOwner
{
    /// <summary>Bytes waiting for the server beyond which its clients are asked to wait: some hundred ordinary requests per client, a few large ones.</summary>
    private const int OutputHighWater = 1024 * 1024;

    /// <summary>
    /// Milliseconds for which a server that took no SELECT because it runs a script is not connected to again: who asks meanwhile is given the same
    /// answer.
    /// </summary>
    public const int BusyMs = 20;

    /// <summary>
    /// Milliseconds after which a script that has not answered holds up others: nearly all scripts take less, and Redis itself, which answers nobody
    /// else before <c>busy-reply-threshold</c>, is rarely told to do so earlier.
    /// </summary>
    private const int LongScriptMs = 50;

    private readonly ServerConnections _owner;
    private readonly Worker _worker;
    private readonly bool _isShared;
    private readonly DrainWaiters _waiting = new();
    private readonly HealthReporter _health;
    private readonly ServerCounters _counters;
    private readonly RequestStream _requests;
    private readonly ReplyReceiver _receiver;
    private readonly ReconnectBackoff _backoff = new();
    private BackendHandler? _handler;
    private IChannel? _channel;
    private ChannelOpener? _opener;
    private BackendFailure? _lastFailure;
    private bool _dirty;
    private bool _ticking;
    private bool _paused;
    private bool _receiving;
    private bool _retired;
    private BackendFailure? _timedOut;
    private LoadedScripts? _scripts;
    private long _lastScriptEnd;
    private bool _hasLongScript;
    private long _busyUntilMs;

    /// <param name="owner">Where it goes.</param>
    /// <param name="worker">Whose it is.</param>
    /// <param name="isShared">False if it serves one request at a time: it is then not opened again by itself.</param>
    public BackendConnection(ServerConnections owner, Worker worker, bool isShared)
    {
        _isShared = isShared;
        _owner = owner;
        _worker = worker;
        _counters = owner.Server.Counters[worker.Index];
        _health = new HealthReporter(owner.Server, worker);
        _requests = new RequestStream(worker, _counters);
        _receiver = new ReplyReceiver(_requests, owner.Server, worker);
        _retired = owner.IsRetired;
        ServerBit = owner.Server.Bit;
    }

    /// <summary>Where it stands.</summary>
    public ConnectionState State { get; private set; }

    /// <inheritdoc/>
    public Server Server => _owner.Server;

    /// <inheritdoc/>
    public OutBuffer Output => _requests.Output;

    /// <inheritdoc/>
    public bool IsCongested => Output.Length > OutputHighWater;

    /// <inheritdoc/>
    public LoadedScripts Scripts => _scripts ??= new LoadedScripts();

    /// <summary>True if it is ready and the next request on it could not tell it from a new one.</summary>
    public bool IsClean => State == ConnectionState.Ready && !_retired && !_paused && _requests.Count == 0 && Output.IsEmpty;

    /// <summary>When the server last sent something on it, in <see cref="Environment.TickCount64"/>.</summary>
    public long ReceivedMs { get; private set; }

    /// <summary>How many sockets it lost so far.</summary>
    public int Losses { get; private set; }

    /// <summary>The server's <see cref="Server.Bit"/>.</summary>
    public ulong ServerBit { get; }

    /// <summary>True once the server is known to take transactions on the present socket. Whoever asked sets it.</summary>
    public bool AllowsTransactions { get; set; }

    private PoolModel Model => _owner.Model;

    /// <summary>Milliseconds that a server may owe an answer before its connection is given up.</summary>
    private long Patience => (long)Model.TimeoutMs + Model.ServerHardTimeoutMs;

    /// <summary>Whether one of the requests runs a script.</summary>
    private bool HasScripts => _requests.Count > 0 && _requests.Oldest.End <= _lastScriptEnd;

    private BackendFailure HardTimedOut => new(FailureKind.TimedOut, Server, "server_hard_timeout");

    private BackendFailure TimedOut => _timedOut ??= new BackendFailure(FailureKind.TimedOut, Server);

    /// <summary>Whether a request may be appended now; starts a connection where there is none.</summary>
    /// <returns>Null, or why not.</returns>
    public BackendFailure? Accept()
    {
        if (_requests.Count >= Model.ServerQueueLimit)
        {
            return new BackendFailure(FailureKind.QueueFull, Server);
        }

        switch (State)
        {
            case ConnectionState.Down or ConnectionState.Closed:
                if (Model.AutoEjectHosts)
                {
                    // twemproxy tries to connect for each request and counts each failure; we count the requests that would have failed so.
                    ReportFailure(_lastFailure);
                }

                return _lastFailure ?? new BackendFailure(FailureKind.Lost, Server);
            case ConnectionState.Idle when _worker.NowMs < _busyUntilMs:
                return _lastFailure;
            case ConnectionState.Idle:
                Open();
                return null;
            default:
                return null;
        }
    }

    /// <inheritdoc/>
    public void Enqueue(InFlight request, long length)
    {
        SetTimes(request);
        _requests.Enter(request, length);
        MarkDirty();
        if (!_ticking)
        {
            _ticking = true;
            _worker.AddTicking(this, Math.Min(request.DeadlineMs, _worker.NowMs + Patience));
        }

        if (request.RunsScript)
        {
            _lastScriptEnd = request.End;
            _worker.TickBy(_worker.NowMs + LongScriptMs);
        }
    }

    /// <summary>
    /// Enters a request that the server answers when something has happened, or its own timeout is over. The connection leaves the shared set:
    /// nobody is to be behind it.
    /// </summary>
    /// <param name="request">Its place in the queue.</param>
    /// <param name="length">Bytes appended to <see cref="Output"/>.</param>
    /// <param name="timeoutMs">Milliseconds that the server was told to wait; 0: as long as it takes.</param>
    public void EnqueueLast(InFlight request, long length, long timeoutMs)
    {
        Enqueue(request, length);

        // The server owes nothing before its own time is over: then its patience begins. Half of the range leaves room to add to it.
        request.DeadlineMs = long.MaxValue;
        request.QueuedMs = timeoutMs == 0 ? long.MaxValue / 2 : request.QueuedMs + timeoutMs;
        _owner.TakeOut(this);
    }

    /// <summary>Appends more bytes of the youngest request, which is arriving.</summary>
    public void Extend(InFlight request, ReadOnlySpan<byte> bytes)
    {
        // The server is given its time anew with each part that it may take.
        request.QueuedMs = _worker.NowMs;
        Output.Append(bytes);
        _requests.Extend(request, bytes.Length);
        MarkDirty();
    }

    /// <summary>The youngest request has arrived as a whole: its time begins.</summary>
    public void StartDeadline(InFlight request)
    {
        SetTimes(request);
        _worker.TickBy(request.DeadlineMs);
    }

    /// <summary>
    /// Takes no further request, and closes as soon as nobody further up is at work on what is under way on it, which then fails.
    /// </summary>
    public void Abort()
    {
        _retired = true;
        _worker.Loop.Execute(static connection => ((BackendConnection)connection).CloseNow(), this);
    }

    /// <summary>Nobody wants the reply to a request on it any more: it closes if it is retired and there is no other.</summary>
    public void CloseIfUnwanted() => CloseIfDrained();

    /// <summary>The server does not answer any more: it closes, and its requests fail.</summary>
    public void GiveUp()
    {
        if (State == ConnectionState.Ready)
        {
            LoseChannel(ServerCloseReason.Timeout, HardTimedOut, quiet: false);
        }
    }

    /// <inheritdoc/>
    public void WhenDrained(IDrainWaiter waiter) => _waiting.Add(waiter);

    /// <summary>Opens the connection before the first request (<c>preconnect</c>).</summary>
    public void Preconnect()
    {
        if (State == ConnectionState.Idle)
        {
            Open();
        }
    }

    /// <summary>Nothing new will be sent: it closes when the last request is answered.</summary>
    public void Retire()
    {
        if (!_retired)
        {
            _retired = true;
            _requests.HoldClients();
        }

        CloseIfDrained();
    }

    /// <inheritdoc/>
    public void Resume()
    {
        if (_paused)
        {
            _paused = false;
            ReceivedMs = _worker.NowMs;
            if (_channel is { } channel)
            {
                channel.Configuration.AutoRead = true;
            }
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        _dirty = false;
        if (State != ConnectionState.Ready || Output.IsEmpty || !_channel!.IsWritable)
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
    public long Tick(long nowMs)
    {
        if (_receiver.IsStreaming)
        {
            _requests.SpareOldest();
        }

        if (_requests.FailOverdue(nowMs, TimedOut))
        {
            OnRequestsTimedOut();
        }

        if (_paused)
        {
            // The oldest reply is read as fast as its client takes it. Who is behind it does not wait for that client for ever.
            _requests.FailBehindOldest(nowMs - Patience, HardTimedOut);
        }
        else if (nowMs - WaitingSinceMs(nowMs) > Patience)
        {
            LoseChannel(ServerCloseReason.Timeout, HardTimedOut, quiet: false);
        }

        if (HasScripts)
        {
            LookForLongScript(nowMs);
        }

        CloseIfDrained();
        var dueMs = DueMs(nowMs);
        _ticking = _requests.Count > 0 && dueMs < long.MaxValue / 2;
        return _ticking ? dueMs : long.MaxValue;
    }

    /// <inheritdoc/>
    public void OnBytes(ReadOnlySpan<byte> bytes)
    {
        _worker.RefreshClock();
        ReceivedMs = _worker.NowMs;
        _receiving = true;
        if (_hasLongScript)
        {
            // It is over, or was refused for another one's sake: then the server is about to be known as busy again.
            _hasLongScript = false;
            Server.MayBeBusy = false;
        }

        try
        {
            ReceiveReplies(bytes);
        }
        finally
        {
            _receiving = false;
        }

        CloseIfDrained();
    }

    /// <inheritdoc/>
    public void OnClosed(FailureKind kind, string? detail)
    {
        var failure = new BackendFailure(kind, Server, detail);
        LoseChannel(FailureCount.OfClose(kind), failure, quiet: kind == FailureKind.Lost && _requests.Count == 0);
    }

    private void ReceiveReplies(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && _channel is not null)
        {
            switch (_receiver.Receive(ref bytes, _counters, _worker.Now))
            {
                case ReceiveResult.Reply:
                    if (_paused)
                    {
                        // For that reply, whose end was read already.
                        Resume();
                    }

                    OnReplied();
                    break;
                case ReceiveResult.Congested:
                    Pause();
                    break;
                case ReceiveResult.Garbage:
                    LoseChannel(ServerCloseReason.Protocol, new BackendFailure(FailureKind.Garbage, Server, _receiver.Problem), quiet: false);
                    break;
            }
        }
    }

    /// <summary>When the next deadline of a request, or of the server, is over.</summary>
    private long DueMs(long nowMs) =>
        Math.Min(
            Math.Min(_requests.NextDeadlineMs, HasScripts ? nowMs + LongScriptMs : long.MaxValue),
            _paused ? nowMs + Worker.TickMs : WaitingSinceMs(nowMs) + Patience + 1);

    private void LookForLongScript(long nowMs)
    {
        // What was asked before the script counts as well: Redis keeps its answers back while the script runs, if all came at once.
        if (State != ConnectionState.Ready || _requests.Sent == 0 || _receiver.IsStreaming
            || nowMs - Math.Max(_requests.Oldest.QueuedMs, ReceivedMs) < LongScriptMs)
        {
            return;
        }

        _hasLongScript = true;
        Server.MayBeBusy = !_owner.IsRetired;
        if (_isShared && !_retired)
        {
            _owner.TakeOutOccupied(this);
        }
    }

    private void CloseNow()
    {
        if (State == ConnectionState.Closed)
        {
            return;
        }

        if (State == ConnectionState.Ready)
        {
            _counters.Closed(ServerCloseReason.Retired);
        }

        LetGo();
        GoDown(new BackendFailure(FailureKind.Lost, Server), report: false);
    }

    private void SetTimes(InFlight request)
    {
        request.QueuedTicks = _worker.Now;
        request.QueuedMs = _worker.NowMs;
        request.DeadlineMs = Model.TimeoutMs > 0 ? _worker.NowMs + Model.TimeoutMs : long.MaxValue;
    }

    /// <summary>Since when the server owes something: bytes of the reply it began, or an answer.</summary>
    private long WaitingSinceMs(long nowMs)
    {
        if (_receiver.IsStreaming)
        {
            return ReceivedMs;
        }

        if (_requests.Count > 0 && Output.IsEmpty && _requests.Oldest.IsArriving)
        {
            // It took everything so far; the client is to go on.
            return nowMs;
        }

        // A request counts that cannot be sent because the server, ready, does not take it.
        var isOwed = _requests.Sent > 0 || (State == ConnectionState.Ready && _requests.Count > 0);
        return isOwed ? _requests.Oldest.QueuedMs : nowMs;
    }

    private void MarkDirty()
    {
        if (!_dirty)
        {
            _dirty = true;
            _worker.MarkServer(this);
        }
    }

    private void Open()
    {
        State = ConnectionState.Opening;
        Reopen();
    }

    private void Reopen()
    {
        _opener = new ChannelOpener(_owner, _worker, OnReady, OnOpenFailed);
        _opener.Open();
    }

    private void OnReady(IChannel channel, BackendHandler handler)
    {
        _opener = null;
        _channel = channel;
        _handler = handler;
        _handler.Attach(this);
        State = ConnectionState.Ready;
        _lastFailure = null;
        _counters.Connected();
        _health.Connected(Model.AutoEjectHosts);

        MarkDirty();
        CloseIfDrained();
    }

    private void OnOpenFailed(BackendFailure failure)
    {
        var isRetry = State == ConnectionState.Down;
        _opener = null;
        _counters.ConnectFailed(FailureCount.OfConnect(failure.Kind));
        if (failure.Kind == FailureKind.Busy && _isShared && !_retired)
        {
            // It is well, and back at any moment.
            _busyUntilMs = _worker.NowMs + BusyMs;
            _lastFailure = failure;
            _scripts = null;
            State = ConnectionState.Idle;
            Server.MayBeBusy = true;
            _requests.FailAll(failure);
            ReleaseWaiting();
            return;
        }

        GoDown(failure, report: !isRetry && failure.Kind != FailureKind.Busy);
    }

    private void GoDown(BackendFailure failure, bool report)
    {
        // The state comes first: a client that goes on because its request failed must not wait for this connection again.
        _lastFailure = failure;
        _scripts = null;
        State = _retired || !_isShared ? ConnectionState.Closed : ConnectionState.Down;
        if (report)
        {
            ReportFailure(failure);
        }

        _requests.FailAll(failure);
        ReleaseWaiting();
        if (State == ConnectionState.Down)
        {
            RetryAfterBackoff();
        }
    }

    private void ReportFailure(BackendFailure? failure)
    {
        // A server without the database, the protocol or the user that one client wants is well for the others.
        var isOfTheLane = failure?.Kind is FailureKind.HandshakeFailed or FailureKind.SelectFailed
            || (failure?.Kind == FailureKind.AuthenticationFailed && _owner.Lane.User is not null);
        if (!isOfTheLane || _owner.IsDefault)
        {
            _health.Failed(failure);
        }
    }

    private void RetryAfterBackoff() =>
        _worker.Loop.Schedule(
            () =>
            {
                if (State == ConnectionState.Down && !_worker.Loop.IsShuttingDown)
                {
                    // The state stays Down: until this attempt has succeeded requests fail at once.
                    Reopen();
                }
            },
            _backoff.Next(Model.ReconnectBackoff));

    private void LoseChannel(ServerCloseReason reason, BackendFailure failure, bool quiet)
    {
        LetGo();
        _counters.Closed(reason);
        if (!quiet)
        {
            _health.Failed(failure);
        }

        // What was sent may have run: it is answered with an error and never sent again. The rest goes out on the next connection.
        State = ConnectionState.Opening;
        _requests.FailSent(failure);
        if ((_retired || !_isShared) && _requests.Count == 0)
        {
            State = ConnectionState.Closed;
            ReleaseWaiting();
        }
        else if (quiet)
        {
            State = ConnectionState.Idle;
        }
        else if (_backoff.IsFresh)
        {
            _ = _backoff.Next(Model.ReconnectBackoff);
            Open();
        }
        else
        {
            // It was accepted and lost again without one answer: that is as good as refused.
            GoDown(failure, report: false);
        }
    }

    private void ReleaseWaiting()
    {
        if (!IsCongested)
        {
            _waiting.Release();
        }
    }

    private void LetGo()
    {
        Losses++;
        _owner.NoteLeft(this);
        AllowsTransactions = false;
        _scripts = null;
        _opener?.GiveUp();
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
        _receiver.Reset();
    }

    private void OnReplied()
    {
        _backoff.Reset();
        _health.Answered();
    }

    private void Pause()
    {
        if (_paused || _channel is null)
        {
            return;
        }

        // It is read at the pace of one client from now on: nobody else may be put behind it.
        _paused = true;
        _channel.Configuration.AutoRead = false;
        if (!_retired)
        {
            _owner.Replace(this);
        }

        _requests.Oldest.WhenDrained(this);
    }

    private void CloseIfDrained()
    {
        if (!_retired || _receiving || State == ConnectionState.Closed)
        {
            return;
        }

        if (_requests.Count > 0)
        {
            if (_requests.Count == 1 && _requests.Oldest.IsUnwanted)
            {
                CloseNow();
            }

            return;
        }

        if (State == ConnectionState.Ready)
        {
            _counters.Closed(ServerCloseReason.Retired);
        }

        LetGo();
        State = ConnectionState.Closed;
        _requests.DropUnsent();
        ReleaseWaiting();
    }

    private void OnRequestsTimedOut()
    {
        ReleaseWaiting();
        if (State == ConnectionState.Ready)
        {
            // One failure for all that timed out together, as twemproxy counts one closed connection.
            _health.Failed(TimedOut);
        }
    }
}
