using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using Proxy.Transport.Native;

namespace Proxy.Transport.Channels;

/// <summary>
/// Connects a <see cref="StreamChannel"/>, once. A failure, a timeout included, closes the channel and fails the task with a
/// <see cref="ConnectException"/> whose inner exception is the <see cref="SocketException"/>. Loop thread only; nothing waits.
/// </summary>
internal sealed class StreamConnector
{
    // A Unix listener whose backlog is full says "try again" and never that it has room.
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(5);

    private static readonly Action<object> TimeOut = static connector => ((StreamConnector)connector).Fail(Errno.TimedOut);
    private static readonly Action<object> Retry = static connector => ((StreamConnector)connector).Try();

    private readonly StreamChannel _channel;
    private readonly SystemCalls _calls;
    private readonly NativeSocket _socket;
    private readonly PendingConnect _pending = new();
    private EndPoint? _remote;
    private byte[] _address = [];

    /// <summary>The connector of <paramref name="channel"/>, which owns <paramref name="socket"/>.</summary>
    public StreamConnector(StreamChannel channel, NativeSocket socket, SystemCalls calls)
    {
        _channel = channel;
        _socket = socket;
        _calls = calls;
    }

    /// <summary>True while the system connects.</summary>
    public bool Pending => _pending.Lasts;

    /// <summary>Connects to <paramref name="remote"/>, from <paramref name="local"/> if that is given.</summary>
    public Task ConnectAsync(EndPoint remote, EndPoint? local)
    {
        if (_remote is not null)
        {
            return Task.FromException(new ConnectionPendingException());
        }

        _remote = remote;
        var connected = _pending.Begin();
        try
        {
            if (local is not null)
            {
                _socket.Bind(local);
            }

            var address = _socket.Serialize(remote);
            _address = address.Buffer.Span[..address.Size].ToArray();
        }
        catch (Exception failure)
        {
            // The system refuses the address, or it is none that a socket knows.
            Fail(failure);
            return connected;
        }

        Try();
        if (Pending)
        {
            _pending.LimitTime(_channel, TimeOut, this);
        }

        return connected;
    }

    /// <summary>The socket can be written to, or is broken: the system has connected it, or not.</summary>
    public void Complete()
    {
        var error = _socket.TakeError();
        if (error != 0)
        {
            Fail(error);
        }
        else
        {
            Succeed();
        }
    }

    /// <summary>The channel closes: an attempt that is still going on fails.</summary>
    public void Close() => _pending.Close();

    private void Try()
    {
        if (!Pending)
        {
            return;
        }

        var result = _calls.Connect(_socket.Descriptor, _address);
        switch (-result)
        {
            case 0:
                if (TryWatch())
                {
                    Succeed();
                }

                break;
            case Errno.InProgress or Errno.Interrupted:
                TryWatch();
                break;
            case Errno.Again when !_socket.IsTcp:
                _channel.EventLoop.Schedule(Retry, this, RetryPause);
                break;
            default:
                Fail(-result);
                break;
        }
    }

    private bool TryWatch()
    {
        try
        {
            _channel.Watch();
            return true;
        }
        catch (SocketException failure)
        {
            Fail(failure);
            return false;
        }
    }

    private void Succeed()
    {
        var promise = _pending.Take();
        _channel.BecomeActive();
        promise!.TryComplete();
        if (_channel.Active)
        {
            _channel.Pipeline.FireChannelActive();
        }
    }

    private void Fail(int errno) => Fail(Errno.ToException(errno));

    private void Fail(Exception failure)
    {
        if (_pending.Take() is { } promise)
        {
            promise.TrySetException(new ConnectException($"cannot connect to {_remote}: {failure.Message}", failure));
            _channel.Unsafe.CloseAsync();
        }
    }
}
