using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels.Sockets;

namespace Proxy.Transport.Sockets;

/// <summary>
/// The receiving half of a <see cref="SocketChannel"/>. While there is nothing to read no buffer is held: an empty receive waits for
/// readiness, then the loop reads until the socket is empty or the receive allocator says enough. Loop thread only.
/// </summary>
internal sealed class SocketInput : IRunnable
{
    // What is thrown away at most when a channel closes with unread input. A peer that goes on sending beyond this is reset.
    private const int MaxDiscard = 256 * 1024;

    // How long a write's failure waits for the receive that is pending.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMilliseconds(100);

    [ThreadStatic]
    private static byte[]? _discardBuffer;

    private readonly SocketChannel _channel;
    private readonly Socket _socket;
    private SocketOperation? _receive;
    private bool _requested;
    private bool _reading;
    private bool _ended;

    /// <summary>The receiving half of <paramref name="channel"/>, which owns <paramref name="socket"/>.</summary>
    public SocketInput(SocketChannel channel, Socket socket)
    {
        _channel = channel;
        _socket = socket;
    }

    /// <summary>Reads as soon as there is something to read; once, unless AutoRead is on.</summary>
    public void Request()
    {
        if (_ended)
        {
            return;
        }

        _requested = true;
        if (!_reading)
        {
            Await();
        }
    }

    /// <summary>Takes the last request back; data stays in the system.</summary>
    public void Cancel() => _requested = false;

    /// <summary>The socket is readable, at its end, or broken.</summary>
    public void Run()
    {
        if (!_channel.Active)
        {
            Close();
        }
        else if (_channel.WriteFailure is { } failure)
        {
            Drain(failure);
        }
        else if (_receive!.SocketError != SocketError.Success)
        {
            // The system tells of an error once, and only when all data before it was read.
            Fail(new SocketException((int)_receive.SocketError));
        }
        else if (Wanted && !_ended)
        {
            Continue(Read());
        }
    }

    /// <summary>Reads what has arrived, if reading is on, then reports <paramref name="failure"/>, which a write met, and closes the channel.</summary>
    public void DrainAndFail(SocketException failure)
    {
        if (_receive is { Pending: true })
        {
            // .NET lets nobody read past a waiting receive. The connection is broken, so that one is about to complete.
            _channel.EventLoop.Schedule(
                static (input, failure) => ((SocketInput)input).Drain((SocketException)failure), this, failure, DrainLimit);
        }
        else
        {
            Drain(failure);
        }
    }

    /// <summary>Drops what has arrived, before the descriptor is closed.</summary>
    public void Discard()
    {
        var buffer = _discardBuffer ??= new byte[16 * 1024];
        for (var total = 0; total < MaxDiscard;)
        {
            var received = _socket.Receive(buffer, SocketFlags.None, out var error);
            if (received <= 0 || error != SocketError.Success)
            {
                return;
            }

            total += received;
        }
    }

    /// <summary>Gives the operation back, now or, if it is pending, when it completes.</summary>
    public void Close()
    {
        if (_receive is { Pending: false })
        {
            _receive.Dispose();
            _receive = null;
        }
    }

    // AutoRead counts by itself: a Cancel from another thread may come after AutoRead was switched on again.
    private bool Wanted => _requested || _channel.Configuration.AutoRead;

    private void Drain(SocketException failure)
    {
        var handle = _channel.Unsafe.RecvBufAllocHandle;
        while (_channel.Active && Wanted && !_ended && Read() == SocketError.Success && handle.LastBytesRead > 0)
        {
            // A turn's share was read; the peer is gone, so there is not much more.
        }

        if (_channel.Active)
        {
            Fail(failure);
        }
    }

    private void Await()
    {
        _receive ??= new SocketOperation(_channel, this);
        if (_receive.Pending)
        {
            return;
        }

        _receive.Begin();
        if (!_socket.ReceiveAsync(_receive))
        {
            _receive.Post();
        }
    }

    private void Continue(SocketError outcome)
    {
        if (!_channel.Active)
        {
            return;
        }

        switch (outcome)
        {
            case SocketError.Success:
                if (Wanted)
                {
                    Request();
                }

                break;
            case SocketError.Disconnecting when _channel.WriteFailure is { } failure:
                Fail(failure);
                break;
            case SocketError.Disconnecting when _channel.Sending && SocketOptions.IsGone(_socket):
                Fail(new SocketException((int)SocketError.ConnectionReset));
                break;
            case SocketError.Disconnecting:
                End();
                break;
            default:
                Fail(new SocketException((int)outcome));
                break;
        }
    }

    /// <summary>Reads and fires until the socket is empty or enough was read.</summary>
    /// <returns>Success: reading may go on; Disconnecting: the peer has sent its FIN; else the error.</returns>
    private SocketError Read()
    {
        var pipeline = _channel.Pipeline;
        var handle = _channel.Unsafe.RecvBufAllocHandle;
        var outcome = SocketError.Success;
        handle.Reset(_channel.Configuration);
        _reading = true;
        try
        {
            do
            {
                var buffer = handle.Allocate(_channel.Allocator);
                handle.AttemptedBytesRead = buffer.WritableBytes;
                outcome = Receive(buffer, out var received);
                handle.LastBytesRead = received;
                if (received <= 0)
                {
                    buffer.Release();
                    break;
                }

                handle.IncMessagesRead(1);
                _requested = false;
                pipeline.FireChannelRead(buffer);
            }
            while (_channel.Active && handle.ContinueReading());

            handle.ReadComplete();
            pipeline.FireChannelReadComplete();
        }
        finally
        {
            _reading = false;
        }

        return outcome;
    }

    /// <summary>One receive into <paramref name="buffer"/>, whose writer index moves; -1 at the end and on errors, 0 if empty.</summary>
    private SocketError Receive(IByteBuffer buffer, out int received)
    {
        var space = buffer.GetIoBuffer(buffer.WriterIndex, buffer.WritableBytes);
        received = _socket.Receive(space, SocketFlags.None, out var error);
        switch (error)
        {
            case SocketError.Success when received > 0:
                buffer.SetWriterIndex(buffer.WriterIndex + received);
                return SocketError.Success;
            case SocketError.Success:
                received = -1;
                return SocketError.Disconnecting;
            case SocketError.WouldBlock:
                received = 0;
                return SocketError.Success;
            default:
                received = -1;
                return error;
        }
    }

    private void End()
    {
        _ended = true;
        if (_channel.AllowHalfClosure)
        {
            _channel.Pipeline.FireUserEventTriggered(ChannelInputShutdownEvent.Instance);
        }
        else
        {
            _channel.Unsafe.CloseAsync();
        }
    }

    private void Fail(Exception failure)
    {
        _ended = true;
        _channel.Pipeline.FireExceptionCaught(failure);
        _channel.Unsafe.CloseAsync();
    }
}
