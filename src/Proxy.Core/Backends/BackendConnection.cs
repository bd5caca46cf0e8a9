using DotNetty.Transport.Channels;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>
/// Our end of a connection to a server, shared by many clients. The object outlives its sockets: when one is lost it opens the next.
/// <code>
///   Idle ──request──▶ Connecting ──▶ Handshaking ──▶ Ready ──lost──▶ Connecting …
///                        │ failed        │ refused       │ server closed it while idle ──▶ Idle
///                        ▼               ▼
///                       Down ──backoff──▶ Connecting          Closed: retired, and the last request is done
///
///   queue:   oldest ▶ [ sent, answer awaited … | not sent yet … ] ◀ youngest
///   stream:                  handed to the channel ▲              ▲ _position
/// </code>
/// Requests are appended to <see cref="Output"/> and entered in the queue; the bytes go to the channel once per turn of the loop.
/// A request whose bytes were handed to the channel counts as sent: it is never sent again, and its place is kept until its reply came.
/// Used on the worker's loop only.
/// </summary>
internal sealed class BackendConnection : IFlushable, ITicking
{
    /// <summary>Bytes waiting for the server beyond which its clients are asked to wait: some hundred ordinary requests per client, a few large ones.</summary>
    private const int OutputHighWater = 1024 * 1024;

    private readonly ServerConnections _owner;
    private readonly Worker _worker;
    private readonly List<IDrainWaiter> _waiting = [];
    private readonly ServerCounters _counters;
    private readonly InFlightQueue _queue = new();
    private readonly ReplyReceiver _receiver;
    private readonly ReconnectBackoff _backoff = new();
    private BackendHandler? _handler;
    private IChannel? _channel;
    private Handshake? _handshake;
    private BackendFailure? _lastFailure;
    private ServerCloseReason? _closing;
    private long _position;
    private int _sent;
    private int _firstWaiting;
    private long _reportedMs;
    private long _receivedMs;
    private bool _dirty;
    private bool _ticking;
    private bool _paused;
    private bool _receiving;
    private bool _retired;

    public BackendConnection(ServerConnections owner, Worker worker)
    {
        _owner = owner;
        _worker = worker;
        _counters = owner.Server.Counters[worker.Index];
        _receiver = new ReplyReceiver(_queue, worker);
        Output = new OutBuffer(worker.Blocks);
        _retired = owner.IsRetired;
    }

    /// <summary>Where it stands.</summary>
    public ConnectionState State { get; private set; }

    /// <summary>The server it goes to.</summary>
    public Server Server => _owner.Server;

    /// <summary>Bytes not yet handed to the channel. A request is appended here and then entered with <see cref="Enqueue"/>.</summary>
    public OutBuffer Output { get; }

    /// <summary>True while the server takes less than it is sent: whoever feeds it should wait.</summary>
    public bool IsCongested => Output.Length > OutputHighWater;

    /// <summary>Requests in the queue, sent or not, failed ones that keep their place included.</summary>
    public int QueueLength => _queue.Count;

    private PoolModel Model => _owner.Model;

    /// <summary>Whether a request may be appended now; starts a connection where there is none.</summary>
    /// <returns>Null, or why not.</returns>
    public BackendFailure? Accept()
    {
        if (_queue.Count >= Model.ServerQueueLimit)
        {
            return new BackendFailure(FailureKind.QueueFull, Server);
        }

        switch (State)
        {
            case ConnectionState.Down or ConnectionState.Closed:
                // twemproxy tries to connect for each request and counts each failure; we count the requests that would have failed so.
                ReportFailure(_lastFailure);
                return _lastFailure ?? new BackendFailure(FailureKind.Lost, Server);
            case ConnectionState.Idle:
                Connect();
                return null;
            default:
                return null;
        }
    }

    /// <summary>Enters a request whose bytes were just appended to <see cref="Output"/> behind everything before.</summary>
    /// <param name="request">Its place in the queue.</param>
    /// <param name="length">Bytes appended.</param>
    public void Enqueue(InFlight request, long length)
    {
        request.Start = _position;
        _position += length;
        request.End = _position;
        request.QueuedTicks = _worker.Now;
        request.QueuedMs = _worker.NowMs;
        request.DeadlineMs = Model.TimeoutMs > 0 ? _worker.NowMs + Model.TimeoutMs : long.MaxValue;
        _queue.Enqueue(request);
        _counters.RequestQueued(length);
        MarkDirty();
        if (!_ticking)
        {
            _ticking = true;
            _worker.AddTicking(this);
        }
    }

    /// <summary>Has <paramref name="waiter"/> told, once, when the server took what is waiting for it, or it was given up.</summary>
    public void WhenDrained(IDrainWaiter waiter) => _waiting.Add(waiter);

    /// <summary>Opens the connection before the first request (<c>preconnect</c>).</summary>
    public void Preconnect()
    {
        if (State == ConnectionState.Idle)
        {
            Connect();
        }
    }

    /// <summary>Nothing new will be sent: it closes when the last request is answered.</summary>
    public void Retire()
    {
        _retired = true;
        CloseIfDrained();
    }

    /// <summary>Reads on after a pause.</summary>
    public void Resume()
    {
        if (_paused)
        {
            _paused = false;
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

        _counters.RequestsWritten(_queue.Count - _sent, Output.Length);
        _sent = _queue.Count;
        WriteOutput();
        ReleaseWaiting();
    }

    /// <summary>The channel takes bytes again.</summary>
    public void OnWritable() => MarkDirty();

    /// <inheritdoc/>
    public bool Tick(long nowMs)
    {
        if (_receiver.IsStreaming && _firstWaiting == 0)
        {
            // Its reply is on its way through and cannot be taken back: it is given the time that its bytes take.
            _firstWaiting = 1;
        }

        FailOverdue(nowMs);
        var since = _receiver.IsStreaming ? _receivedMs : _sent > 0 ? _queue[0].QueuedMs : nowMs;
        if (!_paused && nowMs - since > (long)Model.TimeoutMs + Model.ServerHardTimeoutMs)
        {
            Break(ServerCloseReason.Timeout, new BackendFailure(FailureKind.TimedOut, Server, "server_hard_timeout"));
        }

        _ticking = _queue.Count > 0;
        return _ticking;
    }

    /// <summary>The server sent something. The bytes are valid during the call.</summary>
    public void OnBytes(ReadOnlySpan<byte> bytes)
    {
        _worker.RefreshClock();
        _receivedMs = _worker.NowMs;
        _receiving = true;
        while (!bytes.IsEmpty && _channel is not null)
        {
            if (State == ConnectionState.Handshaking && _handshake is { IsDone: false })
            {
                ReceiveHandshake(ref bytes);
                continue;
            }

            switch (_receiver.Receive(ref bytes, _sent, _counters, _worker.Now))
            {
                case ReceiveResult.Reply:
                    OnReplied();
                    break;
                case ReceiveResult.Congested:
                    Pause();
                    break;
                case ReceiveResult.Garbage:
                    Break(ServerCloseReason.Protocol, new BackendFailure(FailureKind.Garbage, Server, _receiver.Problem));
                    break;
            }
        }

        _receiving = false;
        CloseIfDrained();
    }

    /// <summary>The channel is gone.</summary>
    public void OnClosed(FailureKind kind, string? detail)
    {
        var failure = new BackendFailure(kind, Server, detail);
        var reason = _closing ?? (kind == FailureKind.Reset ? ServerCloseReason.Reset : kind == FailureKind.Lost ? ServerCloseReason.Eof : ServerCloseReason.Error);
        if (State == ConnectionState.Handshaking)
        {
            LetGo();
            OnConnectFailed(failure);
            return;
        }

        var quiet = _sent == 0 && Output.IsEmpty;
        LoseChannel(reason, failure, quiet && reason == ServerCloseReason.Eof);
    }

    private void MarkDirty()
    {
        if (!_dirty)
        {
            _dirty = true;
            _worker.MarkServer(this);
        }
    }

    private void Connect()
    {
        State = ConnectionState.Connecting;
        _owner.Connector.Connect(_worker, Server, TimeSpan.FromMilliseconds(Model.ConnectTimeoutMs), OnConnected, OnConnectFailed);
    }

    private void OnConnected(IChannel channel, BackendHandler handler)
    {
        if (State == ConnectionState.Closed || !channel.Active)
        {
            channel.CloseAsync();
            if (State != ConnectionState.Closed)
            {
                OnConnectFailed(new BackendFailure(FailureKind.Lost, Server, "closed at once"));
            }

            return;
        }

        _channel = channel;
        _handler = handler;
        _handler.Attach(this);
        _worker.Counters.ConnectionOpened();
        _handshake = new Handshake(Model, _owner.Lane);
        State = ConnectionState.Handshaking;
        ContinueHandshake();
    }

    private void ContinueHandshake()
    {
        if (_handshake!.IsDone)
        {
            _handshake = null;
            State = ConnectionState.Ready;
            _lastFailure = null;
            _counters.Connected();
            if (!Model.AutoEjectHosts && Server.Health.State != ServerState.Up)
            {
                Server.Reports.Succeeded(Server);
            }

            MarkDirty();
            return;
        }

        var words = new OutBuffer(_worker.Blocks);
        _handshake.WriteNext(words);
        while (words.TakeFirst() is { } block)
        {
            _channel!.WriteAsync(block.ToReadable());
        }

        _channel!.Flush();
        var handshake = _handshake;
        _worker.Loop.Schedule(
            () =>
            {
                if (State == ConnectionState.Handshaking && ReferenceEquals(handshake, _handshake))
                {
                    FailHandshake(new BackendFailure(FailureKind.TimedOut, Server, "handshake"));
                }
            },
            TimeSpan.FromMilliseconds(Model.ConnectTimeoutMs));
    }

    private void ReceiveHandshake(ref ReadOnlySpan<byte> bytes)
    {
        switch (_handshake!.Receive(ref bytes))
        {
            case true:
                ContinueHandshake();
                break;
            case false:
                FailHandshake(new BackendFailure(_handshake.Failure, Server, _handshake.Detail));
                break;
        }
    }

    private void FailHandshake(BackendFailure failure)
    {
        LetGo();
        OnConnectFailed(failure);
    }

    private void OnConnectFailed(BackendFailure failure)
    {
        if (State == ConnectionState.Closed)
        {
            return;
        }

        var isRetry = State == ConnectionState.Down;
        _handshake = null;
        _counters.ConnectFailed(CountedAs(failure.Kind));
        GoDown(failure, report: !isRetry);
    }

    private void GoDown(BackendFailure failure, bool report)
    {
        // The state comes first: a client that goes on because its request failed must not wait for this connection again.
        _lastFailure = failure;
        State = _retired ? ConnectionState.Closed : ConnectionState.Down;
        if (report)
        {
            ReportFailure(failure);
        }

        FailAll(failure);
        if (State == ConnectionState.Down)
        {
            RetryAfterBackoff();
        }
    }

    private void RetryAfterBackoff() =>
        _worker.Loop.Schedule(
            () =>
            {
                if (State == ConnectionState.Down && !_worker.Loop.IsShuttingDown)
                {
                    // The state stays Down: until this attempt has succeeded requests fail at once.
                    _owner.Connector.Connect(_worker, Server, TimeSpan.FromMilliseconds(Model.ConnectTimeoutMs), OnConnected, OnConnectFailed);
                }
            },
            _backoff.Next(Model.ReconnectBackoff));

    /// <summary>We give the channel up: the server cannot be trusted with it, or is overdue.</summary>
    private void Break(ServerCloseReason reason, BackendFailure failure)
    {
        _closing = reason;
        LoseChannel(reason, failure, quiet: false);
    }

    private void LoseChannel(ServerCloseReason reason, BackendFailure failure, bool quiet)
    {
        LetGo();
        _counters.Closed(reason);
        if (!quiet)
        {
            ReportFailure(failure);
        }

        // What was sent may have run: it is answered with an error and never sent again. The rest goes out on the next connection.
        State = ConnectionState.Connecting;
        FailSent(failure);
        if (_retired && _queue.Count == 0)
        {
            State = ConnectionState.Closed;
        }
        else if (quiet)
        {
            State = ConnectionState.Idle;
        }
        else if (_backoff.IsFresh)
        {
            _ = _backoff.Next(Model.ReconnectBackoff);
            Connect();
        }
        else
        {
            // It was accepted and lost again without one answer: that is as good as refused.
            GoDown(failure, report: false);
        }
    }

    private void ReportFailure(BackendFailure? failure)
    {
        // However many requests fail in one turn, it is one failure.
        if (_reportedMs != _worker.NowMs)
        {
            _reportedMs = _worker.NowMs;
            Server.Reports.Failed(Server, failure?.ToString() ?? "closed");
        }
    }

    private void ReleaseWaiting()
    {
        if (_waiting.Count == 0 || IsCongested)
        {
            return;
        }

        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var waiter in waiting)
        {
            waiter.OnDrained();
        }
    }

    private void LetGo()
    {
        _handler?.Detach();
        _handler = null;
        if (_channel is { } channel)
        {
            _channel = null;
            _worker.Counters.ConnectionClosed();
            channel.CloseAsync();
        }

        _paused = false;
        _closing = null;
        _receiver.Reset();
    }

    private void OnReplied()
    {
        _sent--;
        _firstWaiting = Math.Max(0, _firstWaiting - 1);
        _backoff.Reset();
        if (Server.Health.Failures != 0 && _reportedMs != _worker.NowMs)
        {
            _reportedMs = _worker.NowMs;
            Server.Reports.Succeeded(Server);
        }
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
            for (var i = 0; i < _queue.Count; i++)
            {
                _queue[i].HoldClient();
            }

            _owner.Replace(this);
        }

        _queue[0].WhenDrained(this);
    }

    private void CloseIfDrained()
    {
        if (!_retired || _queue.Count > 0 || _receiving || State == ConnectionState.Closed)
        {
            return;
        }

        if (State == ConnectionState.Ready)
        {
            _counters.Closed(ServerCloseReason.Retired);
        }

        LetGo();
        State = ConnectionState.Closed;
    }

    private void WriteOutput()
    {
        var channel = _channel!;
        while (Output.TakeFirst() is { } block)
        {
            channel.WriteAsync(block.ToReadable());
        }

        channel.Flush();
    }

    /// <summary>Fails the requests whose time is up. Deadlines rise along the queue, so it stops at the first that still has time.</summary>
    private void FailOverdue(long nowMs)
    {
        var failure = default(BackendFailure);
        while (_firstWaiting < _queue.Count && _queue[_firstWaiting].DeadlineMs <= nowMs)
        {
            var request = _queue[_firstWaiting];
            failure ??= new BackendFailure(FailureKind.TimedOut, Server);
            if (_firstWaiting >= _sent)
            {
                // Not sent, and never will be: its bytes are the first of those that wait.
                _queue.RemoveRange(_firstWaiting, 1);
                Output.DropFirst(request.End - request.Start);
                _counters.RequestDropped(request.End - request.Start);
                Fail(request, failure, recycle: true);
            }
            else
            {
                _firstWaiting++;
                Fail(request, failure, recycle: false);
            }
        }

        if (failure is not null)
        {
            ReleaseWaiting();
            if (State == ConnectionState.Ready)
            {
                // One failure for all that timed out together, as twemproxy counts one closed connection.
                ReportFailure(failure);
            }
        }
    }

    private void Fail(InFlight request, BackendFailure failure, bool recycle)
    {
        if (!request.Abandoned)
        {
            request.Abandoned = true;
            if (failure.Kind == FailureKind.TimedOut)
            {
                _counters.TimedOut();
            }

            request.OnFailure(failure);
        }

        if (recycle)
        {
            request.Recycle();
        }
    }

    private void FailSent(BackendFailure failure)
    {
        while (_sent > 0)
        {
            _sent--;
            var request = _queue.Dequeue();
            _counters.RequestLost(request.End - request.Start);
            Fail(request, failure, recycle: true);
        }

        _firstWaiting = 0;
    }

    private void FailAll(BackendFailure failure)
    {
        FailSent(failure);
        Output.Clear();
        while (_queue.Count > 0)
        {
            var request = _queue.Dequeue();
            _counters.RequestDropped(request.End - request.Start);
            Fail(request, failure, recycle: true);
        }

        ReleaseWaiting();
    }

    private static ServerConnectFailure CountedAs(FailureKind kind) => kind switch
    {
        FailureKind.Refused => ServerConnectFailure.Refused,
        FailureKind.TimedOut => ServerConnectFailure.Timeout,
        FailureKind.HostUnknown => ServerConnectFailure.Resolve,
        FailureKind.Unreachable => ServerConnectFailure.Unreachable,
        FailureKind.AuthenticationFailed => ServerConnectFailure.Auth,
        FailureKind.HandshakeFailed => ServerConnectFailure.Handshake,
        FailureKind.Lost or FailureKind.Reset => ServerConnectFailure.Closed,
        _ => ServerConnectFailure.Error,
    };
}
