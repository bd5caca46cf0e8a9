using System.Net;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;
using Proxy.Transport.Native;

namespace Proxy.Transport.Epoll;

/// <summary>A stream connection on an <see cref="EpollEventLoop"/>.</summary>
internal sealed class EpollSocketChannel : StreamChannel, IEpollChannel
{
    private ulong _number;
    private bool _watched;
    private bool _readable;
    private bool _hungUp;
    private bool _reading;
    private bool _continues;
    private bool _blocked;

    /// <summary>A channel that is to be connected to an address like <paramref name="remote"/>.</summary>
    public EpollSocketChannel(EndPoint remote, SystemCalls calls)
        : base(NativeSocket.Open(remote), calls)
    {
    }

    /// <summary>The channel of an accepted connection.</summary>
    public EpollSocketChannel(EpollServerChannel parent, NativeSocket socket, SystemCalls calls)
        : base(parent, socket, calls)
    {
    }

    /// <inheritdoc/>
    protected override bool OutputBlocked => _blocked;

    private EpollEventLoop Loop => (EpollEventLoop)EventLoop;

    /// <inheritdoc/>
    public override void Watch()
    {
        _number = Loop.Watch(this, Socket.Descriptor);
        _watched = true;
    }

    /// <inheritdoc/>
    public void OnReady(uint mask)
    {
        if (Connecting)
        {
            if ((mask & (EpollEvents.Out | EpollEvents.Error | EpollEvents.HangUp)) == 0)
            {
                return;
            }

            CompleteConnect();
        }

        if ((mask & (EpollEvents.PeerHangUp | EpollEvents.HangUp | EpollEvents.Error)) != 0)
        {
            // The end, or an error, is behind what has arrived: reading goes on until it shows.
            _hungUp = true;
            _readable = true;
        }

        _readable |= (mask & EpollEvents.In) != 0;
        if (Active && InputEnded && (mask & EpollEvents.Error) != 0)
        {
            FailInput(Errno.ToException(Socket.TakeError() is var errno and not 0 ? errno : Errno.ConnectionReset));
            return;
        }

        ReadIfWanted();
        if (_blocked && (mask & EpollEvents.Out) != 0 && Active)
        {
            _blocked = false;
            ResumeFlush();
        }
    }

    /// <inheritdoc/>
    public void OnContinue()
    {
        _continues = false;
        ReadIfWanted();
    }

    /// <inheritdoc/>
    protected override bool IsCompatible(IEventLoop eventLoop) => eventLoop is EpollEventLoop;

    /// <inheritdoc/>
    protected override void DoBeginRead()
    {
        ReadRequested = true;
        if (_readable && !_reading)
        {
            ContinueLater();
        }
    }

    /// <inheritdoc/>
    protected override void Send(WriteBatch batch, ChannelOutboundBuffer outbound)
    {
        var sent = SendBatch(batch);
        if (sent == batch.Bytes)
        {
            batch.Release();
        }
        else if (sent < 0)
        {
            batch.Release();
            FailOutput(-sent);
        }
        else
        {
            batch.Spill(outbound, sent);
            if (Active)
            {
                outbound.AddFlush();
                ResumeFlush();
            }
        }
    }

    /// <inheritdoc/>
    protected override void DoWrite(ChannelOutboundBuffer input)
    {
        while (!_blocked && PrepareOutput(input))
        {
            var sent = SendFlushed(input, out var wanted);
            if (sent < 0)
            {
                FailOutput(-sent);
                return;
            }

            // Until the system says that it has no room: only then it tells when it has some. A short send alone does not promise that.
            _blocked = sent == 0 && wanted > 0;
            if (sent > 0)
            {
                // Completes writes, whose continuations may do anything, close the channel included.
                input.RemoveBytes(sent);
            }

            if (!Active)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    protected override bool DrainInput()
    {
        while (Active && ReadWanted && !InputEnded && ReadTurn())
        {
            // A turn's share was read; the peer is gone, so there is not much more.
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        if (_watched)
        {
            _watched = false;
            Loop.Unwatch(_number);
        }

        Socket.Close();
    }

    private int SendBatch(WriteBatch batch)
    {
        var vectors = Loop.Vectors;
        try
        {
            vectors.AddAll(batch);
            return vectors.Send(Calls, Socket);
        }
        finally
        {
            // Whatever happens (somebody has released a buffer too often, for one): the next to send is another channel.
            vectors.Clear();
        }
    }

    private int SendFlushed(ChannelOutboundBuffer outbound, out long wanted)
    {
        var vectors = Loop.Vectors;
        try
        {
            outbound.ForEachFlushedMessage(vectors);
            wanted = vectors.Bytes;
            return vectors.Send(Calls, Socket);
        }
        finally
        {
            vectors.Clear();
        }
    }

    private void ReadIfWanted()
    {
        if (Active && _readable && !_reading && !InputEnded && ReadWanted)
        {
            ReadTurn();
            if (Active && _readable && !InputEnded && ReadWanted)
            {
                ContinueLater();
            }
        }
    }

    private void ContinueLater()
    {
        if (!_continues)
        {
            _continues = true;
            Loop.Continue(this);
        }
    }

    /// <summary>Reads and fires until the socket is empty or enough was read for one turn.</summary>
    /// <returns>False if nothing was read.</returns>
    private bool ReadTurn()
    {
        var handle = Unsafe.RecvBufAllocHandle;
        handle.Reset(Configuration);
        var outcome = 0;
        var any = false;
        _reading = true;
        try
        {
            do
            {
                var buffer = handle.Allocate(Allocator);
                outcome = Receive(buffer);
                handle.AttemptedBytesRead = buffer.Capacity;
                handle.LastBytesRead = Math.Max(outcome, 0);
                if (outcome <= 0)
                {
                    buffer.Release();
                    break;
                }

                any = true;
                handle.IncMessagesRead(1);
                ReadRequested = false;
                Pipeline.FireChannelRead(buffer);
            }
            while (Active && _readable && handle.ContinueReading());

            handle.ReadComplete();
            if (any)
            {
                Pipeline.FireChannelReadComplete();
            }
        }
        finally
        {
            _reading = false;
        }

        if (Active && outcome <= 0)
        {
            EndTurn(outcome);
        }

        return any;
    }

    private void EndTurn(int outcome)
    {
        switch (-outcome)
        {
            case 0:
                EndInput();
                break;
            case Errno.Again:
                _readable = false;
                break;
            case var errno:
                FailInput(WriteFailure ?? Errno.ToException(errno));
                break;
        }
    }

    private int Receive(IByteBuffer buffer)
    {
        var space = buffer.WritableBytes;
        var received = StreamInput.Receive(Calls, Socket, buffer);
        if (received > 0 && received < space && !_hungUp)
        {
            // Less than there was room for: it is empty, and the next byte is a new edge. epoll(7), questions and answers, 9.
            _readable = false;
        }

        return received;
    }
}
