using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;

namespace Proxy.Transport.Sockets;

/// <summary>
/// The sending half of a <see cref="SocketChannel"/>: sends at once as much as the system takes, one call for one buffer, a gathering call
/// for several, and waits with a pending send for room. Loop thread only.
/// </summary>
internal sealed class SocketOutput : IRunnable
{
    // A pending send holds at most this much, so that progress (and writability) shows while a slow peer reads a large message.
    private const int MaxPendingSend = 64 * 1024;

    private readonly SocketChannel _channel;
    private readonly Socket _socket;
    private SocketOperation? _send;

    // The buffer whose memory the pending send uses; retained, because the channel may close and release its messages meanwhile.
    private IByteBuffer? _sending;
    private bool _shutdown;

    /// <summary>The sending half of <paramref name="channel"/>, which owns <paramref name="socket"/>.</summary>
    public SocketOutput(SocketChannel channel, Socket socket)
    {
        _channel = channel;
        _socket = socket;
    }

    /// <summary>True while the system has no room: nothing else is to be sent before the pending send is complete.</summary>
    public bool Pending => _send is { Pending: true };

    /// <summary>What ended the sending; no further write can succeed.</summary>
    public SocketException? Failure { get; private set; }

    /// <summary>Sends what is flushed, as far as the system takes it, and waits for room for the rest.</summary>
    public void Write(ChannelOutboundBuffer output)
    {
        while (output.Current is { } message)
        {
            if (Failure is not null || _shutdown)
            {
                output.FailFlushed(Failure ?? new SocketException((int)SocketError.Shutdown), true);
                return;
            }

            if (message is not IByteBuffer buffer)
            {
                Shutdown();
                output.Remove();
            }
            else if (!buffer.IsReadable())
            {
                output.Remove();
            }
            else if (!Send(output, buffer))
            {
                return;
            }
        }
    }

    /// <summary>Sends our FIN, after all that the system has taken.</summary>
    public void Shutdown()
    {
        if (_shutdown)
        {
            return;
        }

        _shutdown = true;
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer has reset the connection already: there is nothing left to end.
        }
    }

    /// <summary>The pending send is complete.</summary>
    public void Run()
    {
        var sent = _send!.BytesTransferred;
        var error = _send.SocketError;
        _send.SetBuffer(default);
        _sending!.Release();
        _sending = null;
        if (!_channel.Active)
        {
            Close();
        }
        else if (error != SocketError.Success)
        {
            Fail(_channel.Unsafe.OutboundBuffer, error);
        }
        else
        {
            _channel.Unsafe.OutboundBuffer?.RemoveBytes(sent);
            _channel.ResumeFlush();
        }
    }

    /// <summary>Gives everything back, now or, if a send is pending, when it completes.</summary>
    public void Close()
    {
        if (_send is { Pending: false })
        {
            _sending?.Release();
            _sending = null;
            _send.Dispose();
            _send = null;
        }
    }

    /// <summary>Sends the first message, together with those behind it.</summary>
    /// <returns>True if the system took all of it and there may be more.</returns>
    private bool Send(ChannelOutboundBuffer output, IByteBuffer first)
    {
        var sent = output.Size == 1 && first.IoBufferCount == 1
            ? SendOne(first.GetIoBuffer(first.ReaderIndex, first.ReadableBytes), out var wanted, out var error)
            : SendGathered(output, out wanted, out error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            Fail(output, error);
            return false;
        }

        if (sent > 0)
        {
            // Completes the writes, whose continuations may do anything, close the channel included.
            output.RemoveBytes(sent);
        }

        if (!_channel.Active)
        {
            return false;
        }

        if (sent == wanted)
        {
            return true;
        }

        AwaitRoom(output);
        return false;
    }

    private int SendOne(ArraySegment<byte> bytes, out long wanted, out SocketError error)
    {
        wanted = bytes.Count;
        return _socket.Send(bytes, SocketFlags.None, out error);
    }

    private int SendGathered(ChannelOutboundBuffer output, out long wanted, out SocketError error)
    {
        var gatherer = SegmentGatherer.Current;
        output.ForEachFlushedMessage(gatherer);
        wanted = gatherer.Bytes;
        var sent = _socket.Send(gatherer.Segments, SocketFlags.None, out error);
        gatherer.Clear();
        return sent;
    }

    private void AwaitRoom(ChannelOutboundBuffer output)
    {
        var buffer = (IByteBuffer)output.Current;
        var bytes = FirstSegment(buffer);
        _send ??= new SocketOperation(_channel, this);
        _send.SetBuffer(bytes.Array, bytes.Offset, Math.Min(bytes.Count, MaxPendingSend));
        _sending = (IByteBuffer)buffer.Retain();
        _send.Begin();
        if (!_socket.SendAsync(_send))
        {
            _send.Post();
        }
    }

    private static ArraySegment<byte> FirstSegment(IByteBuffer buffer)
    {
        if (buffer.IoBufferCount == 1)
        {
            return buffer.GetIoBuffer(buffer.ReaderIndex, buffer.ReadableBytes);
        }

        return buffer.GetIoBuffers(buffer.ReaderIndex, buffer.ReadableBytes).First(segment => segment.Count > 0);
    }

    /// <summary>Fails all writes, and later, from a clean stack, the channel.</summary>
    private void Fail(ChannelOutboundBuffer? output, SocketError error)
    {
        Failure = new SocketException((int)error);
        output?.FailFlushed(Failure, true);
        _channel.EventLoop.Execute(static (channel, failure) => ((SocketChannel)channel).FailWrite((SocketException)failure), _channel, Failure);
    }
}
