using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using Proxy.Transport.Channels;
using Proxy.Transport.Loops;

namespace Proxy.Transport.Sockets;

/// <summary>
/// A stream connection over <see cref="Socket"/>: TCP of either family or a Unix socket, opened by us or accepted.
/// </summary>
/// <remarks>
/// <para>End of input. With <see cref="ChannelOption.AllowHalfClosure"/> the peer's FIN fires
/// <see cref="ChannelInputShutdownEvent.Instance"/> once, reading ends and writing goes on; without it the channel closes. A reset fires
/// ExceptionCaught with the <see cref="SocketException"/>, then closes, whether a read or a write met it; what had arrived before it is
/// read first.</para>
/// <para>Writing. A message is an <see cref="IByteBuffer"/>, or <see cref="SocketShutdown.Send"/>, which sends our FIN when all that was
/// written before it has gone to the system. What the system does not take waits and is sent on when it does.</para>
/// <para>Closing. CloseAsync fails what still waits in the channel, at once (a peer that does not read must not hold up a close). What the
/// system has taken is delivered: the FIN goes out first, and input that nobody read is dropped before the descriptor is closed, because
/// closing with unread input resets the connection and takes the replies with it. To close after everything is written: write
/// <see cref="SocketShutdown.Send"/>, and close when that write is complete.</para>
/// <para>While AutoRead is off, the end of the peer may go unnoticed until reading goes on or a write fails.</para>
/// </remarks>
internal sealed class SocketChannel : AbstractChannel, ISocketChannel, IReadingChannel
{
    // 16 reads a turn: one busy connection does not keep the loop from the others.
    private static readonly ChannelMetadata StreamMetadata = new(false, 16);

    private readonly Socket _socket;
    private readonly StreamConfiguration _configuration;
    private readonly SocketInput _input;
    private readonly SocketOutput _output;
    private readonly SocketConnector? _connector;
    private volatile bool _open = true;
    private volatile bool _active;

    /// <summary>A channel that is to be connected.</summary>
    /// <param name="socket">Owned by the channel from here on.</param>
    public SocketChannel(Socket socket)
        : this(default(IChannel), socket)
    {
        _connector = new SocketConnector(this, socket);
    }

    /// <summary>The channel of an accepted connection.</summary>
    /// <param name="parent">The listener.</param>
    /// <param name="socket">Connected; owned by the channel from here on.</param>
    public SocketChannel(SocketServerChannel parent, Socket socket)
        : this((IChannel)parent, socket)
    {
        BecomeActive();
    }

    private SocketChannel(IChannel? parent, Socket socket)
        : base(parent)
    {
        socket.Blocking = false;
        _socket = socket;
        _configuration = new StreamConfiguration(this, new SocketOptions(socket));
        _input = new SocketInput(this, socket);
        _output = new SocketOutput(this, socket);
    }

    /// <inheritdoc/>
    public override IChannelConfiguration Configuration => _configuration;

    /// <inheritdoc/>
    public override ChannelMetadata Metadata => StreamMetadata;

    /// <inheritdoc/>
    public override bool Open => _open;

    /// <inheritdoc/>
    public override bool Active => _active;

    /// <summary>True if the peer's end is to be reported instead of closing the channel.</summary>
    public bool AllowHalfClosure => _configuration.AllowHalfClosure;

    /// <summary>What ended the sending, if something did; the channel is about to close.</summary>
    public SocketException? WriteFailure => _output.Failure;

    /// <summary>True while a send waits for room.</summary>
    public bool Sending => _output.Pending;

    /// <inheritdoc/>
    protected override EndPoint LocalAddressInternal => _socket.LocalEndPoint!;

    /// <inheritdoc/>
    protected override EndPoint RemoteAddressInternal => _socket.RemoteEndPoint!;

    /// <summary>Forgets a read that was asked for and not yet done; AutoRead was switched off, on any thread.</summary>
    public void ClearReadPending()
    {
        if (!Registered || EventLoop.InEventLoop)
        {
            _input.Cancel();
        }
        else
        {
            EventLoop.Execute(static input => ((SocketInput)input).Cancel(), _input);
        }
    }

    /// <summary>The socket is connected. The addresses are kept, so that they can still be told after the close.</summary>
    public void BecomeActive()
    {
        _active = true;
        CacheLocalAddress();
        CacheRemoteAddress();
    }

    /// <summary>Writes what is flushed; the socket has room again.</summary>
    public void ResumeFlush() => ((StreamUnsafe)Unsafe).ResumeFlush();

    /// <summary>Reads what had arrived before a write met <paramref name="failure"/>, reports that and closes.</summary>
    public void FailWrite(SocketException failure) => _input.DrainAndFail(failure);

    /// <inheritdoc/>
    protected override IChannelId NewId() => ChannelNumber.Next();

    /// <inheritdoc/>
    protected override IChannelUnsafe NewUnsafe() => new StreamUnsafe(this);

    /// <inheritdoc/>
    protected override bool IsCompatible(IEventLoop eventLoop) => true;

    /// <inheritdoc/>
    protected override object FilterOutboundMessage(object msg) => StreamMessages.Check(msg);

    /// <inheritdoc/>
    protected override void DoBind(EndPoint localAddress)
    {
        _socket.Bind(localAddress);
        CacheLocalAddress();
    }

    /// <inheritdoc/>
    protected override void DoRegister() => (EventLoop as TransportEventLoop)?.Add(this);

    /// <inheritdoc/>
    protected override void DoDeregister() => (EventLoop as TransportEventLoop)?.Remove(this);

    /// <inheritdoc/>
    protected override void DoBeginRead() => _input.Request();

    /// <inheritdoc/>
    protected override void DoWrite(ChannelOutboundBuffer input) => _output.Write(input);

    /// <inheritdoc/>
    protected override void DoDisconnect() => DoClose();

    /// <inheritdoc/>
    protected override void DoClose()
    {
        if (!_open)
        {
            return;
        }

        var wasActive = _active;
        _open = false;
        _active = false;
        try
        {
            _connector?.Close();
            if (wasActive && _configuration.Linger != 0)
            {
                // The FIN must be sent by us: .NET resets a connection that it disposes of while an operation is pending.
                _output.Shutdown();
                _input.Discard();
            }
        }
        finally
        {
            _socket.Dispose();
            _input.Close();
            _output.Close();
        }
    }

    private sealed class StreamUnsafe(SocketChannel owner) : AbstractUnsafe(owner), IChannelUnsafe
    {
        private SocketChannel Channel => (SocketChannel)channel;

        Task IChannelUnsafe.DeregisterAsync() => Channel.Open ? LoopChange.Refuse() : DeregisterAsync();

        public override Task ConnectAsync(EndPoint remoteAddress, EndPoint localAddress)
        {
            if (!Channel.Open)
            {
                return CreateClosedChannelExceptionTask();
            }

            return Channel._connector?.ConnectAsync(remoteAddress, localAddress) ?? Task.FromException(new ConnectionPendingException());
        }

        public void ResumeFlush() => Flush0();

        protected override void Flush0()
        {
            // A pending send is followed by another flush when it is complete.
            if (!Channel._output.Pending)
            {
                base.Flush0();
            }
        }
    }
}
