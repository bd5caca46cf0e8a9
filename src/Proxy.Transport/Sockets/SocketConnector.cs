using System.Net;
using System.Net.Sockets;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;

namespace Proxy.Transport.Sockets;

/// <summary>
/// Connects a <see cref="SocketChannel"/>, once. A failure, a timeout included, closes the channel and fails the task with a
/// <see cref="ConnectException"/> whose inner exception is the <see cref="SocketException"/>. Loop thread only.
/// </summary>
internal sealed class SocketConnector : IRunnable
{
    private static readonly Action<object> TimeOut = static connector => ((SocketConnector)connector).Fail(SocketError.TimedOut);

    private readonly SocketChannel _channel;
    private readonly Socket _socket;
    private readonly PendingConnect _pending = new();
    private SocketOperation? _connect;

    /// <summary>The connector of <paramref name="channel"/>, which owns <paramref name="socket"/>.</summary>
    public SocketConnector(SocketChannel channel, Socket socket)
    {
        _channel = channel;
        _socket = socket;
    }

    /// <summary>Connects to <paramref name="remote"/>, from <paramref name="local"/> if that is given.</summary>
    public Task ConnectAsync(EndPoint remote, EndPoint? local)
    {
        if (_connect is not null)
        {
            return Task.FromException(new ConnectionPendingException());
        }

        var connected = _pending.Begin();
        _connect = new SocketOperation(_channel, this) { RemoteEndPoint = remote };
        try
        {
            if (local is not null)
            {
                _socket.Bind(local);
            }

            _connect.Begin();
            if (!_socket.ConnectAsync(_connect))
            {
                _connect.Run();
            }
            else
            {
                _pending.LimitTime(_channel, TimeOut, this);
            }
        }
        catch (SocketException failure)
        {
            Fail(failure.SocketErrorCode);
        }

        return connected;
    }

    /// <summary>The system has connected the socket, or not.</summary>
    public void Run()
    {
        var error = _connect!.SocketError;
        _connect.Dispose();
        if (!_pending.Lasts)
        {
            return;
        }

        if (error != SocketError.Success)
        {
            Fail(error);
            return;
        }

        var promise = _pending.Take();
        _channel.BecomeActive();
        promise!.TryComplete();
        if (_channel.Active)
        {
            _channel.Pipeline.FireChannelActive();
        }
    }

    /// <summary>The channel closes: an attempt that is still going on fails.</summary>
    public void Close() => _pending.Close();

    private void Fail(SocketError error)
    {
        var failure = new SocketException((int)error);
        _pending.Take()?.TrySetException(new ConnectException($"cannot connect to {_connect!.RemoteEndPoint}: {failure.Message}", failure));
        _channel.Unsafe.CloseAsync();
    }
}
