using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using Proxy.Transport.Native;

namespace Proxy.Transport.Channels;

/// <summary>
/// A listener over a descriptor of Linux: TCP of either family or a Unix socket. Fires a <see cref="StreamChannel"/> for each accepted
/// connection. How connections are accepted is the derived class's.
/// </summary>
/// <remarks>
/// An error of accept never closes the listener. One that concerns a single connection (the client went away) is passed over; any other
/// (no descriptors, no memory) is fired as ExceptionCaught when it begins, and accepting goes on after a pause until it works again.
/// The file of a Unix socket is removed when the listener closes; removing a stale one before the bind is the caller's.
/// </remarks>
internal abstract class ListenChannel : DescriptorChannel, IServerSocketChannel
{
    /// <summary>Connections accepted in one turn, so that a storm of them does not keep the loop from its clients.</summary>
    protected const int MaxAcceptsPerTurn = 16;

    // Long enough not to spin while descriptors are short, short enough that a client hardly notices.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly ChannelMetadata ListenerMetadata = new(false, MaxAcceptsPerTurn);

    private readonly ListenConfiguration _configuration;
    private volatile bool _bound;
    private string? _file;
    private bool _failing;

    /// <param name="local">An address like the one that it will be bound to: an IP address or a Unix socket.</param>
    /// <param name="calls">The system.</param>
    /// <exception cref="ArgumentException"><paramref name="local"/> is neither; a host name must be resolved first.</exception>
    protected ListenChannel(EndPoint local, SystemCalls calls)
        : base(null, OpenSocket(local), calls)
    {
        _configuration = new ListenConfiguration(this, Socket);
        if (local is not IPEndPoint ip)
        {
            return;
        }

        try
        {
            // Connections of a listener that is gone linger for a minute (TIME_WAIT); without this the next one could not be bound.
            Socket.ReuseAddress = true;
            if (ip.Address.Equals(IPAddress.IPv6Any))
            {
                Socket.ReachBothFamilies();
            }
        }
        catch
        {
            Socket.Close();
            throw;
        }
    }

    /// <inheritdoc/>
    public override IChannelConfiguration Configuration => _configuration;

    /// <inheritdoc/>
    public override ChannelMetadata Metadata => ListenerMetadata;

    /// <inheritdoc/>
    public override bool Active => Open && _bound;

    /// <inheritdoc/>
    protected override EndPoint RemoteAddressInternal => null!;

    /// <summary>Accepting was asked for, by AutoRead or by hand, and no pause is being made.</summary>
    protected bool AcceptWanted => Active && !Pausing && (ReadRequested || _configuration.AutoRead);

    private bool Pausing { get; set; }

    /// <summary>Something failed that nobody knows here: tells it. A listener is not given up for one connection.</summary>
    public void Abort(Exception bug)
    {
        if (Open)
        {
            Pipeline.FireExceptionCaught(bug);
            ContinueAccepting();
        }
    }

    /// <summary>The socket listens: from here on the loop tells when somebody connects.</summary>
    protected abstract void Watch();

    /// <summary>Accepts what waits, now or as soon as the loop comes to it; called whenever <see cref="AcceptWanted"/> may have become true.</summary>
    protected abstract void ContinueAccepting();

    /// <summary>Makes the channel of an accepted connection.</summary>
    protected abstract StreamChannel NewChild(NativeSocket socket);

    /// <summary>A connection was accepted.</summary>
    /// <param name="descriptor">Not blocking; owned by the new channel.</param>
    protected void FireAccepted(int descriptor)
    {
        ReadRequested = false;
        _failing = false;
        var socket = NativeSocket.Accepted(descriptor, Socket);
        StreamChannel child;
        try
        {
            child = NewChild(socket);
        }
        catch (SocketException)
        {
            // Reset before its options were set; the channel has closed it.
            return;
        }

        Pipeline.FireChannelRead(child);
    }

    /// <summary>Accepting failed.</summary>
    protected void FireAcceptFailed(int errno)
    {
        switch (errno)
        {
            // The connection was gone, or its network, before it was accepted: accept(2), "Error handling".
            case Errno.ConnectionAborted or Errno.ConnectionReset or Errno.Interrupted or Errno.NetworkDown or Errno.NetworkUnreachable
                or Errno.HostDown or Errno.HostUnreachable or Errno.NoNetwork or Errno.Protocol or Errno.NoProtocolOption
                or Errno.NotSupported or Errno.TimedOut:
                break;
            default:
                StartPause(Errno.ToException(errno));
                break;
        }
    }

    /// <inheritdoc/>
    protected override IChannelUnsafe NewUnsafe() => new ListenerUnsafe(this);

    /// <inheritdoc/>
    protected override void DoBind(EndPoint localAddress)
    {
        try
        {
            Socket.Bind(localAddress);
            _file = NativeSocket.FileOf(localAddress);
            Socket.Listen(_configuration.Backlog);
            CacheLocalAddress();
            _bound = true;
            Watch();
        }
        catch
        {
            // The bootstrap does not close a channel that could not be bound.
            DoClose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void DoBeginRead()
    {
        ReadRequested = true;
        if (AcceptWanted)
        {
            ContinueAccepting();
        }
    }

    /// <inheritdoc/>
    protected override void DoClose()
    {
        if (!EndOpen())
        {
            return;
        }

        Release();
        if (_file is not null)
        {
            File.Delete(_file);
        }
    }

    /// <inheritdoc/>
    protected override void DoDisconnect() => throw new NotSupportedException("a listener has no peer");

    /// <inheritdoc/>
    protected override void DoWrite(ChannelOutboundBuffer input) => throw new NotSupportedException("a listener has no peer");

    /// <inheritdoc/>
    protected override object FilterOutboundMessage(object msg) => throw new NotSupportedException("a listener has no peer");

    private static NativeSocket OpenSocket(EndPoint local) => local is DnsEndPoint
        ? throw new ArgumentException($"the host name of {local} must be resolved before listening", nameof(local))
        : NativeSocket.Open(local);

    private void StartPause(SocketException failure)
    {
        Pausing = true;
        EventLoop.Schedule(static channel => ((ListenChannel)channel).EndPause(), this, Pause);
        if (!_failing)
        {
            _failing = true;
            Pipeline.FireExceptionCaught(failure);
        }
    }

    private void EndPause()
    {
        Pausing = false;
        if (AcceptWanted)
        {
            ContinueAccepting();
        }
    }

    private sealed class ListenerUnsafe(ListenChannel owner) : AbstractUnsafe(owner), IChannelUnsafe
    {
        Task IChannelUnsafe.DeregisterAsync() => channel.Open ? LoopChange.Refuse() : DeregisterAsync();

        public override Task ConnectAsync(EndPoint remoteAddress, EndPoint localAddress) =>
            Task.FromException(new NotSupportedException("a listener does not connect"));
    }
}
