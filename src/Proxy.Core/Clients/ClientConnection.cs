using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests;
using Proxy.Core.Requests.Forwarding;
using Proxy.Core.Requests.Sessions;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Clients;

/// <summary>
/// The application's side: a connection that was accepted. It passes requests on as long as its replies are being read and
/// servers take what it sends, and writes replies once per turn of the loop.
/// </summary>
internal sealed partial class ClientConnection : ClientSession, IFlushable
{
    /// <summary>Unsent reply bytes at which no further request is taken before they are on their way: one socket buffer's worth.</summary>
    private const int OutputPause = 64 * 1024;

    /// <summary>Bytes of requests behind a blocking one from which on no more are read.</summary>
    private const int WatchedInputLimit = 1024 * 1024;

    /// <summary>How long a connection that we close stays half-open, so that unread input does not turn our last words into a reset.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    private readonly ClientRegistry _registry;
    private readonly Route _route;
    private readonly IChannel _channel;
    private readonly ILogger _log;
    private readonly ServerPool _accepted;
    private PoolConnections _pool;
    private ClientCloseReason? _closeReason;
    private long _stalledSinceMs;
    private long _stalledBytes;
    private long _countedBuffered;
    private bool _dirty;
    private bool _readPaused;
    private bool _inputClosed;
    private ClientCloseReason? _drainReason;
    private bool _lingering;
    private bool _gone;

    /// <param name="registry">The worker's clients.</param>
    /// <param name="route">The way to the pool.</param>
    /// <param name="accepted">The pool in which it took a place; it gives it back there, wherever a reload led it.</param>
    /// <param name="channel">Its socket.</param>
    /// <param name="log">For protocol errors.</param>
    public ClientConnection(ClientRegistry registry, Route route, ServerPool accepted, IChannel channel, ILogger log)
        : base(registry.NextId(), registry.Worker)
    {
        _registry = registry;
        _route = route;
        _accepted = accepted;
        _channel = channel;
        _log = log;
        _pool = registry.Backends.For(route.Pool);
        _pool.Refresh();
        var model = _pool.Snapshot.Model;
        Decoder = new RequestDecoder(this, registry.LimitsOf(model));
        Login.AsDefault();
    }

    /// <summary>Its place in the registry's list.</summary>
    public int RegistryIndex { get; set; }

    /// <summary>The first handler of its pipeline.</summary>
    public RequestDecoder Decoder { get; }

    /// <inheritdoc/>
    public override PoolConnections Pool
    {
        get
        {
            if (!ReferenceEquals(_pool.Pool, _route.Pool))
            {
                _pool = _registry.Backends.For(_route.Pool);
            }

            return _pool;
        }
    }

    /// <inheritdoc/>
    public override OutBuffer DetachedPayload => Decoder.DetachedPayload;

    /// <inheritdoc/>
    public override int InputBytes => Decoder.WaitingBytes;

    /// <inheritdoc/>
    public override int InputRoom => Decoder.WaitingRoom;

    /// <inheritdoc/>
    public override string RemoteAddress => Describe(_channel.RemoteAddress);

    /// <inheritdoc/>
    public override string LocalAddress => Describe(_channel.LocalAddress);

    /// <inheritdoc/>
    public override bool IsClosing => _closeReason is not null;

    /// <inheritdoc/>
    public override bool IsGone => _gone;

    /// <summary>True when the next request may be handled now.</summary>
    public bool MayTakeRequest
    {
        get
        {
            // Here, before a request: while one is handled the shards keep their numbers. First, because a new snapshot may hold the client:
            // its requests under way are on connections that left the shared set.
            _pool.Refresh();
            var limit = Math.Min(Window, _pool.Snapshot.Model.ClientPipelineLimit);
            return !IsClosing && !IsStopped && Output.Length < OutputPause && Replies.Count < limit;
        }
    }

    /// <summary>True when what the client sends may be read: there is a way for it to go, or its end must not be missed.</summary>
    private bool MayRead =>
        Decoder.IsStreaming ? !IsClosing && !IsWaitingForServer : (MayTakeRequest && !Decoder.AwaitsTurn) || IsWatched;

    /// <summary>True while it waits at a server: nothing may be popped there for a client that is gone.</summary>
    private bool IsWatched => Blocked is not null && !IsClosing && Decoder.WaitingBytes < WatchedInputLimit && !Worker.Memory.IsExhausted;

    private bool IsIdle => Replies.Count == 0 && Output.IsEmpty && Decoder.IsEmpty;

    /// <summary>True when it may be closed without a word: between MULTI and EXEC it may not.</summary>
    private bool MayLeave => IsIdle && Transaction is null;

    /// <summary>True once it was sent its last words: there is only its socket left.</summary>
    public bool IsLingering => _lingering;

    /// <summary>Whether it came by the listener of that route.</summary>
    public bool CameBy(Route route) => ReferenceEquals(_route, route);

    /// <summary>The channel is connected.</summary>
    public void OnActive()
    {
        _registry.Add(this);
        SetGate(SessionGate.Paused, Pool.Pool.Pause.IsOn);
        Worker.Counters.ConnectionOpened();
        _accepted.Counters[Worker.Index].ClientAccepted();
    }

    /// <summary>Bytes came.</summary>
    public void OnReceived(int count)
    {
        Worker.RefreshClock();
        LastRequestMs = Worker.NowMs;
        Counters.BytesReceived(count);
    }

    /// <summary>A request came. The frame is valid during the call.</summary>
    /// <returns>False if it has to come again when the client may take requests.</returns>
    public bool OnRequest(in RequestFrame frame)
    {
        var isTaken = _registry.Router.Route(this, frame);
        if (!MayTakeRequest && !IsWatched)
        {
            PauseReading();
        }

        return isTaken;
    }

    /// <summary>Whether a request goes out as it stands, so that the payload that is missing in it need not be looked at.</summary>
    public bool Forwards(in RequestFrame frame) => _registry.Router.Forwards(this, frame);

    /// <summary>Begins a request that goes out while it arrives, if it may.</summary>
    public StreamStart BeginStream(in RequestFrame beginning, int arguments, out StreamedRequest? request) =>
        _registry.Router.Streamer.TryBegin(this, beginning, arguments, out request);

    /// <summary>
    /// What came has been looked at. While no request may be taken nothing more is read, whatever made it so since the last one:
    /// bytes that nobody looks at would pile up.
    /// </summary>
    public void OnDecoded()
    {
        if (MayRead)
        {
            ResumeReading();
        }
        else if (!IsClosing)
        {
            PauseReading();
        }
    }

    /// <summary>What came is not RESP: the earlier replies, the error, then the end.</summary>
    public void OnProtocolError(RequestProblem problem, ReadOnlySpan<byte> error)
    {
        Log.ProtocolError(_log, Pool.Pool.Name, RemoteAddress, problem);
        Counters.RequestFailed(problem == RequestProblem.RequestTooLarge ? RequestErrorReason.TooLarge : RequestErrorReason.Protocol);
        Say(error, ClientCloseReason.Protocol);
    }

    /// <summary>What came is HTTP or TLS: nothing is said.</summary>
    public void OnForeignProtocol(RequestProblem problem)
    {
        Log.ProtocolError(_log, Pool.Pool.Name, RemoteAddress, problem);
        CloseAfterReplies(ClientCloseReason.Protocol);
    }

    /// <summary>There is no memory for what came.</summary>
    public void OnMemoryExhausted()
    {
        Counters.RequestFailed(RequestErrorReason.MemoryLimit);
        Say(Resp.Replies.MemoryLimit, ClientCloseReason.MemoryLimit);
    }

    /// <summary>The client sends no more, but may still read.</summary>
    public void OnInputClosed()
    {
        _inputClosed = true;
        if (_lingering)
        {
            // It has read our last words.
            _channel.CloseAsync();
            return;
        }

        if (Blocked is not null)
        {
            // As Redis: whoever closes while it is blocked wants nothing any more, not even what it sent behind.
            Abort(ClientCloseReason.Eof);
            return;
        }

        Continue();
    }

    /// <summary>The channel reported an exception; it is closed.</summary>
    public void OnException(ClientCloseReason reason, Exception exception)
    {
        if (reason == ClientCloseReason.Error)
        {
            Log.Failed(_log, exception, Pool.Pool.Name, RemoteAddress);
        }

        Abort(reason);
    }

    /// <summary>The channel is closed.</summary>
    public void OnInactive()
    {
        _closeReason ??= ClientCloseReason.Eof;
        Leave();
    }

    /// <inheritdoc/>
    public override void SetAuthenticated(bool isAuthenticated)
    {
        base.SetAuthenticated(isAuthenticated);
        Decoder.Authenticated = isAuthenticated;
    }

    /// <inheritdoc/>
    public override void MarkDirty()
    {
        if (!_dirty)
        {
            _dirty = true;
            Worker.MarkClient(this);
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        _dirty = false;
        if (_gone)
        {
            return;
        }

        WriteOutput();
        CountBuffered(Output.Length + EarlyBytes);
        ResumePaused();
        Continue();
    }

    /// <inheritdoc/>
    public override void Continue()
    {
        if (_gone)
        {
            return;
        }

        if (Decoder.IsDecoding)
        {
            // From inside a request of its own: those behind it come first, and the end of the input after them.
            return;
        }

        Decoder.Resume();
        if (MayRead)
        {
            ResumeReading();
            if (_inputClosed)
            {
                // What is left, if anything, is a request that will never be whole.
                CloseAfterReplies(ClientCloseReason.Eof);
            }
        }

        if (IsClosing && Replies.Count == 0 && Output.IsEmpty && !_dirty)
        {
            FinishClosing();
        }
    }

    /// <inheritdoc/>
    public override void CloseAfterReplies(ClientCloseReason reason)
    {
        _closeReason ??= reason;
        Decoder.Clear();
        MarkDirty();
    }

    /// <inheritdoc/>
    public override void Abort(ClientCloseReason reason)
    {
        _closeReason ??= reason;
        Leave();
        _channel.CloseAsync();
    }

    /// <summary>The client is closed as soon as nothing is under way: the proxy ends, or its pool is gone.</summary>
    public void CloseWhenIdle(ClientCloseReason reason)
    {
        _drainReason = reason;
        if (MayLeave)
        {
            CloseAfterReplies(reason);
        }

        Blocked?.EndWait();
    }

    /// <summary>Looks at the idle and stall timeouts.</summary>
    public void Sweep(long nowMs)
    {
        if (Subscriptions is { IsEmpty: false } subscriptions && !subscriptions.AreIn(Pool))
        {
            // A reload led its listener to another pool, where it is subscribed to nothing.
            Abort(ClientCloseReason.Removed);
            return;
        }

        Tracking?.Sweep();
        Monitor?.Sweep();
        var model = _pool.Snapshot.Model;
        if (model.ClientIdleTimeoutMs > 0 && IsIdle && Subscriptions is not { IsEmpty: false } && Monitor is null && nowMs - LastRequestMs > model.ClientIdleTimeoutMs)
        {
            CloseAfterReplies(ClientCloseReason.Idle);
            return;
        }

        if (Decoder.IsStreaming && !_readPaused && model.ClientStallTimeoutMs > 0 && nowMs - LastRequestMs > model.ClientStallTimeoutMs)
        {
            // It holds a connection to a server.
            Abort(ClientCloseReason.Stalled);
            return;
        }

        var unread = Output.Length + (_channel.Unsafe.OutboundBuffer?.TotalPendingWriteBytes() ?? 0);
        if (unread == 0 || unread != _stalledBytes)
        {
            _stalledBytes = unread;
            _stalledSinceMs = nowMs;
        }
        else if (model.ClientStallTimeoutMs > 0 && nowMs - _stalledSinceMs > model.ClientStallTimeoutMs)
        {
            Abort(ClientCloseReason.Stalled);
        }
    }

    private static string Describe(EndPoint? endPoint) => endPoint switch
    {
        null => "?:0",
        UnixDomainSocketEndPoint => "unixsocket:0",
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } ip => new IPEndPoint(ip.Address.MapToIPv4(), ip.Port).ToString(),
        _ => endPoint.ToString()!,
    };

    /// <summary>One last reply in its place, then the end.</summary>
    private void Say(ReadOnlySpan<byte> reply, ClientCloseReason reason)
    {
        _registry.Router.Say(this, reply);
        CloseAfterReplies(reason);
    }

    private void WriteOutput()
    {
        if (Output.IsEmpty)
        {
            return;
        }

        var sent = Worker.Writer.WriteWhileWritable(_channel, Output);
        Counters.BytesSent(sent);
        OnSent(sent);
    }

    private void CountBuffered(long bytes)
    {
        if (bytes != _countedBuffered)
        {
            _accepted.Counters[Worker.Index].BytesBuffered(bytes - _countedBuffered);
            _countedBuffered = bytes;
        }
    }

    private void PauseReading()
    {
        if (!_readPaused && !_lingering)
        {
            _readPaused = true;
            _channel.Configuration.AutoRead = false;
        }
    }

    private void ResumeReading()
    {
        if (_readPaused && !_inputClosed)
        {
            _readPaused = false;
            _channel.Configuration.AutoRead = true;
        }

        if (_drainReason is { } reason && MayLeave)
        {
            CloseAfterReplies(reason);
        }
    }

    private void FinishClosing()
    {
        if (_lingering)
        {
            return;
        }

        _lingering = true;

        // Redis closes here. Nobody may find what it was, however long it takes the client to close too.
        LetGoOfRequests();

        // Behind everything that was written; complete when it is sent.
        _channel.WriteAndFlushAsync(SocketShutdown.Send).ContinueWith(
            sent =>
            {
                ChannelWriter.Forget(sent);
                Worker.Loop.Execute(Linger);
            },
            TaskContinuationOptions.ExecuteSynchronously);
    }

    private void Linger()
    {
        if (_gone)
        {
            return;
        }

        if (_inputClosed)
        {
            _channel.CloseAsync();
            return;
        }

        _channel.Configuration.AutoRead = true;
        Worker.Loop.Schedule(() => { _channel.CloseAsync(); }, LingerTime);
    }

    private void Leave()
    {
        if (_gone)
        {
            return;
        }

        _gone = true;
        LetGoOfRequests();
        CountBuffered(0);
        Decoder.Clear();
        _accepted.Counters[Worker.Index].ClientClosed(_closeReason ?? ClientCloseReason.Eof);
        _accepted.ReleaseClient();
        Worker.Counters.ConnectionClosed();
        _registry.Remove(this);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "client closed for what it sent: pool {Pool}, client {Client}: {Problem}")]
        public static partial void ProtocolError(ILogger log, string pool, string client, RequestProblem problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "client closed by an unexpected error: pool {Pool}, client {Client}")]
        public static partial void Failed(ILogger log, Exception exception, string pool, string client);
    }
}
