using DotNetty.Transport.Channels;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>
/// Opens one channel: resolves, connects, and says what has to be said before traffic. It owns the channel until it hands it over
/// ready, and closes it when anything fails. Ends in exactly one call of one of its two callbacks, unless it is given up.
/// </summary>
internal sealed class ChannelOpener : IBackendChannelOwner
{
    private readonly ServerConnections _target;
    private readonly Worker _worker;
    private readonly Action<IChannel, BackendHandler> _ready;
    private readonly Action<BackendFailure> _failed;
    private readonly Handshake _handshake;
    private BackendHandler? _handler;
    private IChannel? _channel;
    private bool _ended;
    private bool _isConnecting;
    private Action? _over;

    /// <param name="target">Where to, in which lane, and how long it may take.</param>
    /// <param name="worker">Whose loop the channel will live on.</param>
    /// <param name="ready">Takes the channel and its handler, which the new owner has to attach itself to.</param>
    /// <param name="failed">Takes the reason.</param>
    /// <param name="asksClientId">Whether the server is asked what it calls the connection: <see cref="ServerClientId"/>.</param>
    public ChannelOpener(
        ServerConnections target,
        Worker worker,
        Action<IChannel, BackendHandler> ready,
        Action<BackendFailure> failed,
        bool asksClientId = false)
    {
        _target = target;
        _worker = worker;
        _ready = ready;
        _failed = failed;
        _handshake = new Handshake(target.Model, target.Lane, asksClientId);
    }

    /// <summary>What the server calls the connection, once it is ready; 0 if it was not asked, or does not tell.</summary>
    public long ServerClientId => _handshake.ClientId;

    private TimeSpan Timeout => TimeSpan.FromMilliseconds(_target.Model.ConnectTimeoutMs);

    /// <summary>Begins.</summary>
    public void Open()
    {
        _isConnecting = true;
        _target.Connector.Connect(_worker, _target.Server, Timeout, OnConnected, Fail);
    }

    /// <summary>Nobody wants the channel any more: neither callback is called.</summary>
    /// <param name="over">Is told when the attempt to connect, which cannot be stopped, is over.</param>
    public void GiveUp(Action? over = null)
    {
        _ended = true;
        CloseChannel();
        if (_isConnecting)
        {
            _over = over;
        }
        else
        {
            over?.Invoke();
        }
    }

    /// <inheritdoc/>
    public void OnBytes(ReadOnlySpan<byte> bytes)
    {
        switch (_handshake.Receive(ref bytes))
        {
            case true when !bytes.IsEmpty:
                Fail(new BackendFailure(FailureKind.HandshakeFailed, _target.Server, "the server answered more than it was asked"));
                break;
            case true:
                Continue();
                break;
            case false:
                Fail(new BackendFailure(_handshake.Failure, _target.Server, _handshake.Detail));
                break;
        }
    }

    /// <inheritdoc/>
    public void OnWritable()
    {
    }

    /// <inheritdoc/>
    public void OnClosed(FailureKind kind, string? detail) => Fail(new BackendFailure(kind, _target.Server, detail));

    private void OnConnected(IChannel channel, BackendHandler handler)
    {
        _isConnecting = false;
        if (_ended)
        {
            channel.CloseAsync();
            _over?.Invoke();
            return;
        }

        _channel = channel;
        _handler = handler;
        _worker.Counters.ConnectionOpened();
        if (!channel.Active)
        {
            Fail(new BackendFailure(FailureKind.Lost, _target.Server, "closed at once"));
            return;
        }

        handler.Attach(this);
        if (!_handshake.IsDone)
        {
            var late = new BackendFailure(FailureKind.TimedOut, _target.Server, "handshake");
            _worker.Loop.Schedule(() => Fail(late), Timeout);
        }

        Continue();
    }

    private void Continue()
    {
        if (!_handshake.IsDone)
        {
            var words = new OutBuffer(_worker.Blocks);
            _handshake.WriteNext(words);
            _worker.Writer.Write(_channel!, words);
            return;
        }

        _ended = true;
        _handler!.Detach();
        _ready(_channel!, _handler);
    }

    private void Fail(BackendFailure failure)
    {
        var wasConnecting = _isConnecting;
        _isConnecting = false;
        if (!_ended)
        {
            _ended = true;
            CloseChannel();
            _failed(failure);
        }
        else if (wasConnecting)
        {
            _over?.Invoke();
        }
    }

    private void CloseChannel()
    {
        if (_channel is { } channel)
        {
            _channel = null;
            _handler!.Detach();
            _worker.Counters.ConnectionClosed();
            channel.CloseAsync();
        }
    }
}
