using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Common.Utilities;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using Proxy.Transport.Loops;
using Proxy.Transport.Native;

namespace Proxy.Transport.Channels;

/// <summary>
/// A stream connection over a descriptor of Linux: TCP of either family or a Unix socket, opened by us or accepted. How its bytes move is
/// the derived class's; what it means to be connected, half-closed, broken and closed is written here, and is the same as with
/// <see cref="Proxy.Transport.Sockets.SocketChannel"/>.
/// </summary>
/// <remarks>
/// Writing. <see cref="IChannelUnsafe"/> is implemented again, so that with <see cref="StreamConfiguration.UnpromisedWritesOption"/> a
/// flushed batch goes to the system at once, without a promise, without an entry of the outbound buffer and without a copy. What the system
/// does not take waits in the outbound buffer, which then has the watermarks and the writability events. Without the option every write takes
/// DotNetty's own way, and its task completes when its bytes have gone to the system.
/// </remarks>
internal abstract class StreamChannel : DescriptorChannel, ISocketChannel
{
    // 16 reads a turn: one busy connection does not keep the loop from the others.
    private static readonly ChannelMetadata StreamMetadata = new(false, 16);

    private readonly StreamConfiguration _configuration;
    private readonly StreamConnector? _connector;
    private readonly StreamOutput _output;
    private volatile bool _active;

    /// <summary>A channel that is to be connected.</summary>
    protected StreamChannel(NativeSocket socket, SystemCalls calls)
        : this(null, socket, calls)
    {
        _connector = new StreamConnector(this, socket, calls);
    }

    /// <summary>The channel of an accepted connection.</summary>
    /// <param name="parent">The listener.</param>
    /// <param name="socket">Connected; owned by the channel from here on, closed if the constructor fails.</param>
    /// <param name="calls">The system.</param>
    protected StreamChannel(ListenChannel? parent, NativeSocket socket, SystemCalls calls)
        : base(parent, socket, calls)
    {
        _output = new StreamOutput(socket);
        try
        {
            _configuration = new StreamConfiguration(this, socket);
        }
        catch
        {
            // Nobody gets the channel, so nobody could close it.
            socket.Close();
            throw;
        }

        if (parent is not null)
        {
            BecomeActive();
        }
    }

    /// <inheritdoc/>
    public override IChannelConfiguration Configuration => _configuration;

    /// <inheritdoc/>
    public override ChannelMetadata Metadata => StreamMetadata;

    /// <inheritdoc/>
    public override bool Active => _active;

    /// <inheritdoc/>
    protected override EndPoint RemoteAddressInternal => Socket.RemoteAddress()!;

    /// <summary>True while the system connects the socket.</summary>
    protected bool Connecting => _connector is { Pending: true };

    /// <summary>What ended the sending, if something did; the channel is about to close.</summary>
    public SocketException? WriteFailure => _output.Failure;

    /// <summary>No more input comes: the peer has sent its FIN, or the connection is broken.</summary>
    public bool InputEnded { get; private set; }

    /// <summary>True while the system has no room for more output: the derived class then calls <see cref="ResumeFlush"/> when it has.</summary>
    protected abstract bool OutputBlocked { get; }

    /// <summary>A read was asked for, by AutoRead or by hand, and not done yet.</summary>
    public bool ReadWanted => ReadRequested || _configuration.AutoRead;

    private bool Blocked => OutputBlocked || !_active;

    /// <summary>The socket is connected. The addresses are kept, so that they can still be told after the close.</summary>
    public void BecomeActive()
    {
        _active = true;
        CacheLocalAddress();
        CacheRemoteAddress();
    }

    /// <summary>The socket is connected or connecting: from here on the loop tells what happens to it.</summary>
    public abstract void Watch();

    /// <summary>Something failed that nobody knows here: tells it and closes.</summary>
    public void Abort(Exception bug)
    {
        if (Open)
        {
            Pipeline.FireExceptionCaught(bug);
            Unsafe.CloseAsync();
        }
    }

    /// <summary>
    /// Gives a batch to the system. Afterwards the batch is empty: sent and released, or spilled into <paramref name="outbound"/> and flushed there.
    /// </summary>
    /// <param name="batch">At least one buffer.</param>
    /// <param name="outbound">Empty at the moment.</param>
    protected abstract void Send(WriteBatch batch, ChannelOutboundBuffer outbound);

    /// <summary>Reads and fires what has arrived, as far as reading is wanted; before the failure of a write is reported.</summary>
    /// <returns>False if that goes on: the derived class then says when the input has ended.</returns>
    protected abstract bool DrainInput();

    /// <summary>The system has connected the socket, or not.</summary>
    protected void CompleteConnect() => _connector!.Complete();

    /// <summary>The system has room again: writes what waits.</summary>
    protected void ResumeFlush() => ((StreamUnsafe)Unsafe).ResumeFlush();

    /// <summary>The peer has sent its FIN.</summary>
    public void EndInput()
    {
        if (WriteFailure is { } failure)
        {
            FailInput(failure);
        }
        else if (OutputBlocked && Socket.IsGone)
        {
            FailInput(Errno.ToException(Errno.ConnectionReset));
        }
        else
        {
            InputEnded = true;
            if (_configuration.AllowHalfClosure)
            {
                Pipeline.FireUserEventTriggered(ChannelInputShutdownEvent.Instance);
            }
            else
            {
                Unsafe.CloseAsync();
            }
        }
    }

    /// <summary>The connection is broken: reports it and closes.</summary>
    public void FailInput(SocketException failure)
    {
        InputEnded = true;
        Pipeline.FireExceptionCaught(failure);
        Unsafe.CloseAsync();
    }

    /// <summary>A send has failed: fails all writes, and later, from a clean stack, reads what had come before, reports it and closes.</summary>
    public void FailOutput(int errno)
    {
        if (WriteFailure is not null)
        {
            return;
        }

        _output.Failure = Errno.ToException(errno);
        Unsafe.OutboundBuffer?.FailFlushed(_output.Failure, true);
        EventLoop.Execute(static channel => ((StreamChannel)channel).ReportWriteFailure(), this);
    }

    /// <inheritdoc cref="StreamOutput.Prepare"/>
    public bool PrepareOutput(ChannelOutboundBuffer outbound) => _output.Prepare(outbound);

    /// <inheritdoc cref="StreamOutput.IsEmpty"/>
    public bool IsOutputEmpty(ChannelOutboundBuffer outbound) => _output.IsEmpty(outbound);

    /// <inheritdoc/>
    protected override IChannelUnsafe NewUnsafe() => new StreamUnsafe(this);

    /// <inheritdoc/>
    protected override object FilterOutboundMessage(object msg) => StreamMessages.Check(msg);

    /// <inheritdoc/>
    protected override void DoBind(EndPoint localAddress)
    {
        Socket.Bind(localAddress);
        CacheLocalAddress();
    }

    /// <inheritdoc/>
    protected override void DoRegister()
    {
        base.DoRegister();
        if (_active)
        {
            try
            {
                Watch();
            }
            catch
            {
                // The base closes the channel and does not deregister what was never registered.
                ((TransportEventLoop)EventLoop).Forget(this);
                throw;
            }
        }
    }

    /// <inheritdoc/>
    protected override void DoDisconnect() => DoClose();

    /// <inheritdoc/>
    protected override void DoClose()
    {
        if (!EndOpen())
        {
            return;
        }

        var wasActive = _active;
        _active = false;
        try
        {
            _output.Release();
            _connector?.Close();
            if (wasActive && _configuration.Linger != 0)
            {
                _output.Shutdown();
                StreamInput.Discard(Calls, Socket);
            }
        }
        finally
        {
            Release();
        }
    }

    private void ReportWriteFailure()
    {
        if (_active && DrainInput() && _active)
        {
            FailInput(WriteFailure!);
        }
    }

    /// <returns>True if there was nothing but a batch, which is gone now.</returns>
    private bool SendBatch(ChannelOutboundBuffer? outbound)
    {
        if (outbound is null || !_output.HasBatch || _output.Flush(outbound, Blocked) is not { } batch)
        {
            return false;
        }

        try
        {
            Send(batch, outbound);
        }
        catch (Exception bug)
        {
            // What is left out cannot be made good later. The same as the base does when DoWrite throws.
            batch.Release();
            ((StreamUnsafe)Unsafe).Fail(new ClosedChannelException("failed to write", bug));
        }

        return true;
    }

    private sealed class StreamUnsafe(StreamChannel owner) : AbstractUnsafe(owner), IChannelUnsafe
    {
        private StreamChannel Channel => (StreamChannel)channel;

        Task IChannelUnsafe.WriteAsync(object message)
        {
            if (OutboundBuffer is { } outbound && Channel._configuration.UnpromisedWrites && message is IByteBuffer buffer)
            {
                Channel._output.Take(buffer, outbound, Channel.Blocked);
                return TaskEx.Completed;
            }

            Channel._output.ExpectPromised(OutboundBuffer);
            return WriteAsync(message);
        }

        Task IChannelUnsafe.DeregisterAsync() => Channel.Open ? LoopChange.Refuse() : DeregisterAsync();

        void IChannelUnsafe.BeginRead()
        {
            // The base's makes a closure for the exception, come or not: 64 bytes for each read.
            if (Channel.Active)
            {
                Channel.DoBeginRead();
            }
        }

        void IChannelUnsafe.Flush()
        {
            if (!Channel.SendBatch(OutboundBuffer))
            {
                Channel._output.PromisedFlushed();
                Flush();
            }
        }

        public override Task ConnectAsync(EndPoint remoteAddress, EndPoint localAddress)
        {
            if (!Channel.Open)
            {
                return CreateClosedChannelExceptionTask();
            }

            return Channel._connector?.ConnectAsync(remoteAddress, localAddress) ?? Task.FromException(new ConnectionPendingException());
        }

        public void ResumeFlush() => Flush0();

        public void Fail(ClosedChannelException failure) => CloseAsync(failure, false);

        protected override void Flush0()
        {
            // What waits for room is followed by another flush when there is some.
            if (!Channel.OutputBlocked)
            {
                base.Flush0();
            }
        }
    }
}
