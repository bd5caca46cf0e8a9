using System.Net;
using System.Net.Sockets;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using Proxy.Transport.Channels;
using Proxy.Transport.Loops;

namespace Proxy.Transport.Sockets;

/// <summary>
/// A listener over <see cref="Socket"/>: TCP of either family or a Unix socket. Fires a <see cref="SocketChannel"/> for each accepted
/// connection.
/// </summary>
/// <remarks>
/// An error of accept never closes the listener. One that concerns a single connection (the client went away) is passed over; any other
/// (no descriptors, no memory) is fired as ExceptionCaught when it begins, and accepting goes on after a pause until it works again.
/// .NET removes the file of a Unix socket when the listener closes; removing a stale one before the bind is the caller's.
/// </remarks>
internal sealed class SocketServerChannel : AbstractChannel, IServerSocketChannel, IReadingChannel, IRunnable
{
    // Connections accepted in one turn, so that a storm of them does not keep the loop from its clients.
    private const int MaxAcceptsPerTurn = 16;

    // Long enough not to spin while descriptors are short, short enough that a client hardly notices.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly ChannelMetadata ListenerMetadata = new(false, MaxAcceptsPerTurn);

    private readonly Socket _socket;
    private readonly ListenConfiguration _configuration;
    private SocketOperation? _accept;
    private volatile bool _open = true;
    private volatile bool _bound;
    private bool _requested;
    private bool _accepting;
    private bool _pausing;
    private bool _failing;

    /// <param name="socket">Unbound; owned by the channel from here on.</param>
    public SocketServerChannel(Socket socket)
        : base(null)
    {
        _socket = socket;
        _socket.Blocking = false;
        _configuration = new ListenConfiguration(this, new SocketOptions(socket));
    }

    /// <inheritdoc/>
    public override IChannelConfiguration Configuration => _configuration;

    /// <inheritdoc/>
    public override ChannelMetadata Metadata => ListenerMetadata;

    /// <inheritdoc/>
    public override bool Open => _open;

    /// <inheritdoc/>
    public override bool Active => _open && _bound;

    /// <inheritdoc/>
    protected override EndPoint LocalAddressInternal => _socket.LocalEndPoint!;

    /// <inheritdoc/>
    protected override EndPoint RemoteAddressInternal => null!;

    /// <summary>Forgets a request to accept; AutoRead was switched off, on any thread.</summary>
    public void ClearReadPending()
    {
        if (!Registered || EventLoop.InEventLoop)
        {
            _requested = false;
        }
        else
        {
            EventLoop.Execute(static channel => ((SocketServerChannel)channel)._requested = false, this);
        }
    }

    /// <summary>A connection was accepted, or not.</summary>
    public void Run()
    {
        if (!_open)
        {
            Release();
            return;
        }

        _accepting = true;
        AcceptReady();
        _accepting = false;
        Pipeline.FireChannelReadComplete();
        Resume();
    }

    /// <inheritdoc/>
    protected override IChannelId NewId() => ChannelNumber.Next();

    /// <inheritdoc/>
    protected override IChannelUnsafe NewUnsafe() => new ListenerUnsafe(this);

    /// <inheritdoc/>
    protected override bool IsCompatible(IEventLoop eventLoop) => true;

    /// <inheritdoc/>
    protected override void DoBind(EndPoint localAddress)
    {
        try
        {
            _socket.Bind(localAddress);
            _socket.Listen(_configuration.Backlog);
        }
        catch
        {
            // The bootstrap does not close a channel that could not be bound.
            DoClose();
            throw;
        }

        _bound = true;
        CacheLocalAddress();
    }

    /// <inheritdoc/>
    protected override void DoRegister() => (EventLoop as TransportEventLoop)?.Add(this);

    /// <inheritdoc/>
    protected override void DoDeregister() => (EventLoop as TransportEventLoop)?.Remove(this);

    /// <inheritdoc/>
    protected override void DoBeginRead()
    {
        _requested = true;
        if (!_accepting && !_pausing && _accept is not { Pending: true } && !StartAccept())
        {
            _accept!.Post();
        }
    }

    /// <inheritdoc/>
    protected override void DoClose()
    {
        if (_open)
        {
            _open = false;
            _socket.Dispose();
            Release();
        }
    }

    /// <inheritdoc/>
    protected override void DoDisconnect() => throw new NotSupportedException("a listener has no peer");

    /// <inheritdoc/>
    protected override void DoWrite(ChannelOutboundBuffer input) => throw new NotSupportedException("a listener has no peer");

    /// <inheritdoc/>
    protected override object FilterOutboundMessage(object msg) => throw new NotSupportedException("a listener has no peer");

    /// <summary>Takes the connection of the completed operation and those that are already waiting, up to a turn's share.</summary>
    private void AcceptReady()
    {
        for (var taken = 1; ; taken++)
        {
            TakeAccepted();
            if (!_open || _pausing || !Wanted || taken == MaxAcceptsPerTurn || StartAccept())
            {
                return;
            }

            _accept!.End();
        }
    }

    private bool Wanted => _requested || _configuration.AutoRead;

    /// <returns>True if the operation is pending, false if it is already complete.</returns>
    private bool StartAccept()
    {
        _accept ??= new SocketOperation(this, this);
        _accept.AcceptSocket = null;
        _accept.Begin();
        return _socket.AcceptAsync(_accept);
    }

    private void TakeAccepted()
    {
        switch (_accept!.SocketError)
        {
            case SocketError.Success:
                _requested = false;
                _failing = false;
                FireAccepted(_accept.AcceptSocket!);
                break;

            // The connection was gone, or its network, before it was accepted: accept(2), "Error handling".
            case SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.Interrupted or SocketError.NetworkDown
                or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.HostUnreachable or SocketError.AccessDenied:
                break;

            default:
                StartPause(new SocketException((int)_accept.SocketError));
                break;
        }
    }

    private void FireAccepted(Socket socket)
    {
        SocketChannel channel;
        try
        {
            channel = new SocketChannel(this, socket);
        }
        catch (SocketException)
        {
            // Reset before its options were set.
            socket.Dispose();
            return;
        }

        Pipeline.FireChannelRead(channel);
    }

    private void StartPause(SocketException failure)
    {
        _pausing = true;
        EventLoop.Schedule(static channel => ((SocketServerChannel)channel).EndPause(), this, Pause);
        if (!_failing)
        {
            _failing = true;
            Pipeline.FireExceptionCaught(failure);
        }
    }

    private void EndPause()
    {
        _pausing = false;
        Resume();
    }

    private void Resume()
    {
        if (_open && Wanted)
        {
            DoBeginRead();
        }
    }

    private void Release()
    {
        if (_accept is { Pending: false })
        {
            // Accepted while the listener was being closed.
            _accept.AcceptSocket?.Dispose();
            _accept.Dispose();
            _accept = null;
        }
    }

    private sealed class ListenerUnsafe(SocketServerChannel owner) : AbstractUnsafe(owner), IChannelUnsafe
    {
        Task IChannelUnsafe.DeregisterAsync() => channel.Open ? LoopChange.Refuse() : DeregisterAsync();

        public override Task ConnectAsync(EndPoint remoteAddress, EndPoint localAddress) =>
            Task.FromException(new NotSupportedException("a listener does not connect"));
    }
}
