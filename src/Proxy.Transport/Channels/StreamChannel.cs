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
internal abstract unsafe class StreamChannel : AbstractChannel, ISocketChannel, IReadingChannel
{
    // What is thrown away at most when a channel closes with unread input. A peer that goes on sending beyond this is reset.
    private const int MaxDiscard = 256 * 1024;

    // 16 reads a turn: one busy connection does not keep the loop from the others.
    private static readonly ChannelMetadata StreamMetadata = new(false, 16);

    private readonly StreamConfiguration _configuration;
    private readonly StreamConnector? _connector;
    private WriteBatch? _batch;
    // A write with a promise is not flushed yet. The outbound buffer counts bytes, and SocketShutdown.Send has none.
    private bool _promisedWaits;
    private bool _outputShutdown;
    private volatile bool _open = true;
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
        : base(parent)
    {
        Socket = socket;
        Calls = calls;
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
    public override bool Open => _open;

    /// <inheritdoc/>
    public override bool Active => _active;

    /// <inheritdoc/>
    protected override EndPoint LocalAddressInternal => Socket.LocalAddress()!;

    /// <inheritdoc/>
    protected override EndPoint RemoteAddressInternal => Socket.RemoteAddress()!;

    /// <summary>The descriptor.</summary>
    protected NativeSocket Socket { get; }

    /// <summary>The system.</summary>
    protected SystemCalls Calls { get; }

    /// <summary>True while the system connects the socket.</summary>
    protected bool Connecting => _connector is { Pending: true };

    /// <summary>What ended the sending, if something did; the channel is about to close.</summary>
    protected SocketException? WriteFailure { get; private set; }

    /// <summary>No more input comes: the peer has sent its FIN, or the connection is broken.</summary>
    protected bool InputEnded { get; private set; }

    /// <summary>True while the system has no room for more output: the derived class then calls <see cref="ResumeFlush"/> when it has.</summary>
    protected abstract bool OutputBlocked { get; }

    /// <summary>A read was asked for, by AutoRead or by hand, and not done yet.</summary>
    protected bool ReadWanted => ReadRequested || _configuration.AutoRead;

    /// <summary>A read was asked for by hand (AutoRead counts by itself: it may be switched on again before it was noticed that it was off).</summary>
    protected bool ReadRequested { get; set; }

    /// <inheritdoc/>
    public void ClearReadPending()
    {
        if (!Registered || EventLoop.InEventLoop)
        {
            ReadRequested = false;
            OnReadCleared();
        }
        else
        {
            EventLoop.Execute(
                static channel =>
                {
                    ((StreamChannel)channel).ReadRequested = false;
                    ((StreamChannel)channel).OnReadCleared();
                },
                this);
        }
    }

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
        if (_open)
        {
            Pipeline.FireExceptionCaught(bug);
            Unsafe.CloseAsync();
        }
    }

    /// <summary>AutoRead was switched off.</summary>
    protected virtual void OnReadCleared()
    {
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

    /// <summary>Gives the descriptor back, and what else the system holds.</summary>
    protected abstract void Release();

    /// <summary>The system has connected the socket, or not.</summary>
    protected void CompleteConnect() => _connector!.Complete();

    /// <summary>The system has room again: writes what waits.</summary>
    protected void ResumeFlush() => ((StreamUnsafe)Unsafe).ResumeFlush();

    /// <summary>The peer has sent its FIN.</summary>
    protected void EndInput()
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
    protected void FailInput(SocketException failure)
    {
        InputEnded = true;
        Pipeline.FireExceptionCaught(failure);
        Unsafe.CloseAsync();
    }

    /// <summary>A send has failed: fails all writes, and later, from a clean stack, reads what had come before, reports it and closes.</summary>
    protected void FailOutput(int errno)
    {
        if (WriteFailure is not null)
        {
            return;
        }

        WriteFailure = Errno.ToException(errno);
        Unsafe.OutboundBuffer?.FailFlushed(WriteFailure, true);
        EventLoop.Execute(static channel => ((StreamChannel)channel).ReportWriteFailure(), this);
    }

    /// <summary>recv(2), again if a signal came first.</summary>
    protected int Receive(byte* memory, int length)
    {
        int received;
        do
        {
            received = Calls.Receive(Socket.Descriptor, memory, length);
        }
        while (received == -Errno.Interrupted);

        return received;
    }

    /// <summary>Takes what is not a buffer from the front of the outbound buffer, and fails what can no longer be sent.</summary>
    /// <returns>False if there is nothing to send.</returns>
    protected bool PrepareOutput(ChannelOutboundBuffer outbound)
    {
        while (outbound.Current is { } message)
        {
            if (WriteFailure is not null || _outputShutdown)
            {
                outbound.FailFlushed(WriteFailure ?? new SocketException((int)SocketError.Shutdown), true);
                return false;
            }

            if (message is IByteBuffer buffer)
            {
                if (buffer.IsReadable())
                {
                    return true;
                }
            }
            else
            {
                ShutdownOutput();
            }

            outbound.Remove();
        }

        return false;
    }

    /// <inheritdoc/>
    protected override IChannelId NewId() => ChannelNumber.Next();

    /// <inheritdoc/>
    protected override IChannelUnsafe NewUnsafe() => new StreamUnsafe(this);

    /// <inheritdoc/>
    protected override object FilterOutboundMessage(object msg) => msg switch
    {
        IByteBuffer or SocketShutdown.Send => msg,
        _ => throw new NotSupportedException($"a socket takes an IByteBuffer or SocketShutdown.Send, not a {msg.GetType().Name}"),
    };

    /// <inheritdoc/>
    protected override void DoBind(EndPoint localAddress)
    {
        Socket.Bind(localAddress);
        CacheLocalAddress();
    }

    /// <inheritdoc/>
    protected override void DoRegister()
    {
        var loop = (TransportEventLoop)EventLoop;
        loop.Add(this);
        if (_active)
        {
            try
            {
                Watch();
            }
            catch
            {
                // The base closes the channel and does not deregister what was never registered.
                loop.Forget(this);
                throw;
            }
        }
    }

    /// <inheritdoc/>
    protected override void DoDeregister() => ((TransportEventLoop)EventLoop).Remove(this);

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
            _batch?.Release();
            _connector?.Close();
            if (wasActive && _configuration.Linger != 0)
            {
                ShutdownOutput();
                DiscardInput();
            }
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Drops what has arrived, so that the close does not become a reset that takes the last replies with it.</summary>
    private void DiscardInput()
    {
        var buffer = ReceiveBufferPool.Current.Rent();
        try
        {
            for (var total = 0; total < MaxDiscard;)
            {
                var received = Receive((byte*)buffer.AddressOfPinnedMemory(), buffer.Capacity);
                if (received <= 0)
                {
                    return;
                }

                total += received;
            }
        }
        finally
        {
            buffer.Release();
        }
    }

    private void ShutdownOutput()
    {
        if (!_outputShutdown)
        {
            _outputShutdown = true;
            Socket.ShutdownOutput();
        }
    }

    private void ReportWriteFailure()
    {
        if (_active && DrainInput() && _active)
        {
            FailInput(WriteFailure!);
        }
    }

    private void Take(IByteBuffer buffer, ChannelOutboundBuffer outbound)
    {
        if (WriteFailure is not null || _outputShutdown || !buffer.IsReadable())
        {
            buffer.Release();
            return;
        }

        _batch ??= new WriteBatch();
        _batch.Add(buffer);
        if (_batch.IsFull || MustQueue(outbound))
        {
            _batch.Spill(outbound, sent: 0);
        }
    }

    /// <summary>True if what is written now must wait for what was written before, or for room, or for a connection (in vain).</summary>
    private bool MustQueue(ChannelOutboundBuffer outbound) =>
        OutputBlocked || _promisedWaits || !outbound.IsEmpty || outbound.TotalPendingWriteBytes() > 0 || !_active;

    private void SpillBatch(ChannelOutboundBuffer? outbound)
    {
        if (_batch is { Count: > 0 } batch && outbound is not null)
        {
            batch.Spill(outbound, sent: 0);
        }
    }

    /// <returns>True if there was nothing but a batch, which is gone now.</returns>
    private bool SendBatch(ChannelOutboundBuffer? outbound)
    {
        if (_batch is not { Count: > 0 } batch || outbound is null)
        {
            return false;
        }

        if (MustQueue(outbound))
        {
            batch.Spill(outbound, sent: 0);
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
                Channel.Take(buffer, outbound);
                return TaskEx.Completed;
            }

            Channel.SpillBatch(OutboundBuffer);
            Channel._promisedWaits = true;
            return WriteAsync(message);
        }

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
                Channel._promisedWaits = false;
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
