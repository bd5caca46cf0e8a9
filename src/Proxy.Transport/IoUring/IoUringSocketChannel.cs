using System.Net;
using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;
using Proxy.Transport.IoUring.Native;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>A stream connection on an <see cref="IoUringEventLoop"/>.</summary>
/// <remarks>
/// <para>Receiving. While AutoRead is on one operation receives until it is cancelled, into buffers that the kernel takes when there is
/// something to put into them; a read by hand receives once. What comes when nobody wants it any more is held.</para>
/// <para>Sending. What is flushed in a turn goes, as one send, with the loop's next call. Usually the system takes all of it; what it does
/// not take is sent by operations that wait for room, one at a time.</para>
/// <para>Closing. What was flushed and not handed over yet is sent by a plain system call first. The descriptor is closed at once; buffers and
/// the channel's number stay until the last operation has completed.</para>
/// </remarks>
internal sealed unsafe class IoUringSocketChannel : StreamChannel, IIoUringChannel, IRunnable
{
    // A channel that keeps small reads tends to go on (TLS), and each would hold a whole buffer: so many are copied.
    private const int CopiedReads = 1024;

    // From here on a kept buffer is used well enough.
    private const int LargeRead = ReceiveRing.BufferSize / 8;

    // Unpromised bytes of a turn beyond this wait in the outbound buffer: its high watermark by default.
    private const int MostDeferred = 64 * 1024;

    // How long the failure of a write waits for what had arrived before it.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMilliseconds(100);

    private ulong _number;
    private OutgoingSend? _send;
    private ChannelOutboundBuffer? _outbound;
    private HeldInput? _held;
    private int _operations;
    private int _copiedReads;
    private bool _entered;
    private bool _closed;
    private bool _touched;
    private bool _receiving;
    private bool _multishot;
    private bool _cancelling;
    private bool _isReader;
    private bool _firesHeld;
    private bool _ended;
    private bool _watchesErrors;
    private bool _awaitsConnection;
    private bool _sending;
    private bool _quick;
    private bool _patient;
    private bool _consuming;

    /// <summary>A channel that is to be connected to an address like <paramref name="remote"/>.</summary>
    public IoUringSocketChannel(EndPoint remote, SystemCalls calls)
        : base(NativeSocket.Open(remote), calls)
    {
    }

    /// <summary>The channel of an accepted connection.</summary>
    public IoUringSocketChannel(IoUringServerChannel parent, NativeSocket socket, SystemCalls calls)
        : base(parent, socket, calls)
    {
    }

    /// <inheritdoc/>
    protected override bool OutputBlocked => _sending || _patient;

    /// <summary>The channel was given an allocator of its own for what it reads.</summary>
    private bool OwnBuffers => Configuration.RecvByteBufAllocator is not LoopReceiveAllocator;

    private IoUringEventLoop Loop => (IoUringEventLoop)EventLoop;

    /// <inheritdoc/>
    public override void Watch()
    {
        Enter();
        if (Connecting)
        {
            Touch();
        }
    }

    /// <inheritdoc/>
    public bool Prepare()
    {
        _touched = false;
        if (_closed)
        {
            return false;
        }

        if (Connecting && !_awaitsConnection)
        {
            _awaitsConnection = true;
            Start(Submissions.AwaitOutput(Socket.Descriptor, Data(OperationKind.Connect)));
        }

        if (!Active)
        {
            return false;
        }

        PrepareReceive();
        return PrepareSend();
    }

    /// <inheritdoc/>
    public void OnCompletion(OperationKind kind, in CompletionEntry completion)
    {
        if (!completion.HasMore)
        {
            _operations--;
            Loop.Finish();
        }

        switch (kind)
        {
            case OperationKind.Receive:
                OnReceived(completion);
                break;
            case OperationKind.Send:
                OnSent(completion.Result);
                break;
            case OperationKind.Connect:
                _awaitsConnection = false;
                if (Connecting && !_closed)
                {
                    CompleteConnect();
                }

                break;
            default:
                OnError(completion);
                break;
        }

        LeaveIfDone();
    }

    /// <inheritdoc/>
    public void NoteQuickSend(int result)
    {
        if (_quick)
        {
            _send!.Result = result;
        }
    }

    /// <inheritdoc/>
    public void SettleSend()
    {
        var send = _send!;
        _sending = false;
        _quick = false;
        send.Unpin();
        if (_closed)
        {
            DropSend();
            LeaveIfDone();
            return;
        }

        switch (send.Result)
        {
            case null:
                Consume(send.Wanted);
                break;
            case >= 0 or -Errno.Again:
                _patient = true;
                Consume(Math.Max(send.Result.Value, 0));
                break;
            case var failure:
                FailSend(-failure.Value);
                break;
        }
    }

    /// <inheritdoc/>
    public void CompleteRead()
    {
        if (_isReader)
        {
            _isReader = false;
            Pipeline.FireChannelReadComplete();
        }
    }

    /// <summary>Fires what was held, now that somebody wants it.</summary>
    public void Run()
    {
        _firesHeld = false;
        FireHeld();
        CompleteRead();
        if (Active && ReadWanted && _held is not null && _held.TryTakeEnd(out var errno))
        {
            End(errno);
        }
        else
        {
            Touch();
        }
    }

    /// <inheritdoc/>
    protected override bool IsCompatible(IEventLoop eventLoop) => eventLoop is IoUringEventLoop;

    /// <inheritdoc/>
    protected override void OnReadCleared() => Touch();

    /// <inheritdoc/>
    protected override void DoBeginRead()
    {
        ReadRequested = true;
        if (_held is { IsEmpty: false })
        {
            FireHeldLater();
        }
        else if (!_receiving)
        {
            Touch();
        }
    }

    /// <inheritdoc/>
    protected override void Send(WriteBatch batch, ChannelOutboundBuffer outbound)
    {
        _outbound = outbound;
        var send = _send ??= Loop.RentSend();
        if (send.FrontBytes + batch.Bytes > MostDeferred && send.Front.Count > 0)
        {
            // From here on the writability counts it: who writes as long as that lasts must come to an end.
            send.Spill(outbound);
            batch.Spill(outbound, sent: 0);
            if (!Active)
            {
                return;
            }

            outbound.AddFlush();
        }
        else
        {
            batch.MoveTo(send.Front);
        }

        Touch();
    }

    /// <inheritdoc/>
    protected override void DoWrite(ChannelOutboundBuffer input)
    {
        _outbound = input;
        Touch();
    }

    /// <inheritdoc/>
    protected override bool DrainInput()
    {
        if (ReadWanted && _held is { IsEmpty: false })
        {
            Run();
        }

        if (!ReadWanted || _ended || !Active)
        {
            return true;
        }

        // The connection is broken: what receives comes to its end.
        Touch();
        EventLoop.Schedule(static channel => ((IoUringSocketChannel)channel).EndDrain(), this, DrainLimit);
        return false;
    }

    /// <inheritdoc/>
    protected override void DoClose()
    {
        try
        {
            if (Registered)
            {
                // Our FIN, too, goes behind what is queued.
                Loop.BeforeClose();
            }

            if (Active && !_sending && !_consuming)
            {
                SendNow();
            }
        }
        finally
        {
            base.DoClose();
        }
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        _closed = true;
        CancelOperations();
        Socket.Close();
        _held?.Release();
        if (!_sending)
        {
            DropSend();
        }

        LeaveIfDone();
    }

    private ulong Data(OperationKind kind) => UserData.Of(kind, _number);

    private void Enter()
    {
        if (!_entered)
        {
            _entered = true;
            _number = Loop.Enter(this);
        }
    }

    private void LeaveIfDone()
    {
        if (_closed && _entered && _operations == 0 && !_sending)
        {
            _entered = false;
            Loop.Leave(_number);
        }
    }

    private void Touch()
    {
        if (!_touched && !_closed && _entered)
        {
            _touched = true;
            Loop.Touch(this);
        }
    }

    private void Start(in SubmissionEntry entry)
    {
        _operations++;
        Loop.Start(entry);
    }

    private void CancelOperations()
    {
        if (_receiving)
        {
            Loop.Cancel(Data(OperationKind.Receive));
        }

        if (_sending && !_quick)
        {
            Loop.Cancel(Data(OperationKind.Send));
        }

        if (_awaitsConnection)
        {
            Loop.Cancel(Data(OperationKind.Connect));
        }

        if (_watchesErrors)
        {
            Loop.Cancel(Data(OperationKind.Watch));
        }
    }

    private void PrepareReceive()
    {
        if (_receiving)
        {
            if (_multishot && !_cancelling && !ReadWanted)
            {
                _cancelling = true;
                Loop.Cancel(Data(OperationKind.Receive));
            }
        }
        else if (!_ended && ReadWanted && _held is null or { IsEmpty: true })
        {
            _receiving = true;
            _multishot = Loop.Features.MultishotReceive && Configuration.AutoRead;
            Start(Submissions.Receive(Socket.Descriptor, Loop.Buffers.Group, _multishot, Data(OperationKind.Receive)));
        }
        else if (InputEnded && !_watchesErrors)
        {
            // Nothing is received any more, and a reset would go unnoticed.
            _watchesErrors = true;
            Start(Submissions.AwaitError(Socket.Descriptor, Data(OperationKind.Watch)));
        }
    }

    /// <returns>True if there is more to send, which can go as soon as this is taken.</returns>
    private bool PrepareSend()
    {
        if (_sending)
        {
            return false;
        }

        var hasFront = _send is { Front.Count: > 0 };
        var waiting = _outbound?.Size ?? 0;
        if (!hasFront && (_outbound is null || !PrepareOutput(_outbound)))
        {
            _patient = false;
            DropSend();
            return waiting > 0;
        }

        if (!Active)
        {
            return true;
        }

        // A quick send is known to be done only when the loop's wait ends: nobody may wait for it, no promise and no writability.
        _quick = Loop.Features.SkipCompletion && hasFront && !_patient && (_outbound is null || _outbound.Size == 0);
        var send = _send ??= Loop.RentSend();
        Gather(send);
        _sending = true;
        if (_quick)
        {
            Loop.StartQuickSend(this, Submissions.Send(Socket.Descriptor, Loop.Gatherer, quick: true, Data(OperationKind.QuickSend)));
            return send.HasMore;
        }

        Start(Submissions.Send(Socket.Descriptor, Loop.Gatherer, quick: false, Data(OperationKind.Send)));
        return _outbound is not null && _outbound.Size != waiting;
    }

    private void Gather(OutgoingSend send)
    {
        var gatherer = Loop.Gatherer;
        gatherer.Begin(send, retain: !_quick);
        foreach (var buffer in send.Front)
        {
            if (!gatherer.Add(buffer))
            {
                break;
            }
        }

        if (!gatherer.IsFull)
        {
            _outbound?.ForEachFlushedMessage(gatherer);
        }

        gatherer.End();
        send.Wanted = gatherer.Bytes;
        send.HasMore = gatherer.IsFull;
        send.Result = null;
    }

    /// <summary>A send that waited for room has completed.</summary>
    private void OnSent(int result)
    {
        _sending = false;
        _send!.Unpin();
        if (_closed)
        {
            DropSend();
        }
        else if (result >= 0)
        {
            _patient = true;
            Consume(result);
        }
        else if (result is -Errno.Again or -Errno.Interrupted or -Errno.NoMemory)
        {
            Touch();
        }
        else
        {
            FailSend(-result);
        }
    }

    /// <summary>The system has taken so many bytes.</summary>
    private void Consume(long sent)
    {
        var send = _send!;
        sent = send.ConsumeFront(sent);
        if (sent > 0)
        {
            // Completes writes, whose continuations may do anything, close the channel included.
            _consuming = true;
            _outbound!.RemoveBytes(sent);
            _consuming = false;
        }

        if (_closed)
        {
            return;
        }

        if (send.Front.Count > 0 && _outbound is not null && _outbound.TotalPendingWriteBytes() == 0)
        {
            send.Spill(_outbound);
            if (_closed)
            {
                return;
            }

            _outbound.AddFlush();
        }

        if (send.Front.Count > 0 || _outbound is { Size: > 0 })
        {
            Touch();
        }
        else
        {
            _patient = false;
            DropSend();
        }
    }

    private void FailSend(int errno)
    {
        DropSend();
        FailOutput(errno);
    }

    private void DropSend()
    {
        if (_send is { } send)
        {
            _send = null;
            send.Unpin();
            send.ReleaseFront();
            Loop.ReturnSend(send);
        }
    }

    /// <summary>Sends what was flushed and not handed over, as far as there is room: the channel closes.</summary>
    private void SendNow()
    {
        while (_send is { Front.Count: > 0 } || (_outbound is not null && PrepareOutput(_outbound)))
        {
            var sent = SendOnce(_send?.Front);
            if (sent <= 0)
            {
                return;
            }

            var rest = _send?.ConsumeFront(sent) ?? sent;
            if (rest > 0)
            {
                _outbound!.RemoveBytes(rest);
            }
        }
    }

    private int SendOnce(List<IByteBuffer>? front)
    {
        var vectors = Loop.Vectors;
        try
        {
            if (front is { Count: > 0 })
            {
                vectors.AddAll(front);
            }
            else
            {
                _outbound!.ForEachFlushedMessage(vectors);
            }

            return Calls.SendGathered(Socket.Descriptor, vectors.Pointer, vectors.Count);
        }
        finally
        {
            vectors.Clear();
        }
    }

    private void OnReceived(in CompletionEntry completion)
    {
        if (!completion.HasMore)
        {
            _receiving = false;
            _cancelling = false;
        }

        var buffer = completion.HasBuffer ? Loop.Buffers.Take(completion.BufferNumber, Math.Max(completion.Result, 0)) : null;
        if (_closed || completion.Result <= 0)
        {
            buffer?.Release();
        }
        else if (Active && ReadWanted && _held is null or { IsEmpty: true } && !OwnBuffers)
        {
            Fire(buffer!);
        }
        else
        {
            (_held ??= new HeldInput()).Add(buffer!);
            FireHeld();
        }

        if (!_closed)
        {
            OnReceivedResult(completion.Result);
        }
    }

    private void OnReceivedResult(int result)
    {
        switch (result)
        {
            case > 0 or -Errno.Canceled or -Errno.Again or -Errno.Interrupted:
                break;
            case -Errno.NoBuffers:
                Loop.Buffers.NoteStarved();
                break;
            default:
                EndInOrder(-result);
                return;
        }

        if (!_receiving)
        {
            Touch();
        }
    }

    /// <summary>The end of the input: told behind what is held, and when somebody wants to read.</summary>
    private void EndInOrder(int errno)
    {
        _ended = true;
        if (ReadWanted && _held is null or { IsEmpty: true })
        {
            End(errno);
        }
        else
        {
            (_held ??= new HeldInput()).AddEnd(errno);
        }
    }

    private void End(int errno)
    {
        // What belongs to the data first, as with every transport.
        CompleteRead();
        if (!Active)
        {
            return;
        }

        if (errno != 0)
        {
            FailInput(WriteFailure ?? Errno.ToException(errno));
            return;
        }

        EndInput();
        Touch();
    }

    private void Fire(ReceiveBuffer buffer)
    {
        NoteRead();
        var length = buffer.ReadableBytes;
        if (_copiedReads > 0)
        {
            _copiedReads--;
            Pipeline.FireChannelRead(Copy(buffer, length));
            return;
        }

        Pipeline.FireChannelRead(buffer);
        if (length < LargeRead && buffer.ReferenceCount > 0)
        {
            _copiedReads = CopiedReads;
        }
    }

    /// <summary>Fires what is held, as far as it is wanted.</summary>
    private void FireHeld()
    {
        while (Active && ReadWanted && _held is not null && _held.TryPeek(out var buffer))
        {
            if (OwnBuffers)
            {
                FirePiece(buffer);
                if (!buffer.IsReadable() && _held.TryTake(out _))
                {
                    buffer.Release();
                }
            }
            else if (_held.TryTake(out _))
            {
                Fire(buffer);
            }
        }
    }

    /// <summary>Fires as much of <paramref name="input"/> as fits into a buffer of the channel's own.</summary>
    private void FirePiece(ReceiveBuffer input)
    {
        var handle = Unsafe.RecvBufAllocHandle;
        handle.Reset(Configuration);
        var piece = handle.Allocate(Allocator);
        var length = Math.Min(Math.Max(piece.WritableBytes, 1), input.ReadableBytes);
        handle.AttemptedBytesRead = piece.WritableBytes;
        handle.LastBytesRead = length;
        handle.IncMessagesRead(1);
        handle.ReadComplete();
        piece.WriteBytes(input, length);
        NoteRead();
        Pipeline.FireChannelRead(piece);
    }

    private void NoteRead()
    {
        ReadRequested = false;
        if (!_isReader)
        {
            _isReader = true;
            Loop.AddReader(this);
        }
    }

    private IByteBuffer Copy(ReceiveBuffer buffer, int length)
    {
        var copy = Allocator.Buffer(length);
        copy.WriteBytes(buffer, length);
        buffer.Release();
        return copy;
    }

    private void FireHeldLater()
    {
        if (!_firesHeld)
        {
            _firesHeld = true;
            EventLoop.Execute(this);
        }
    }

    private void EndDrain()
    {
        if (Active)
        {
            FailInput(WriteFailure!);
        }
    }

    private void OnError(in CompletionEntry completion)
    {
        const int PollError = 8;
        _watchesErrors &= completion.HasMore;
        if (Active && InputEnded && completion.Result > 0 && (completion.Result & PollError) != 0)
        {
            FailInput(Errno.ToException(Socket.TakeError() is var errno and not 0 ? errno : Errno.ConnectionReset));
        }
    }
}
