using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>
/// The sending half of an <see cref="IoUringSocketChannel"/>. What is flushed in a turn goes, as one send, with the loop's next call. Usually
/// the system takes all of it; what it does not take is sent by operations that wait for room, one at a time. Loop thread only.
/// </summary>
/// <param name="channel">Its channel.</param>
internal sealed unsafe class IoUringOutput(IoUringSocketChannel channel)
{
    // Unpromised bytes of a turn beyond this wait in the outbound buffer: its high watermark by default.
    private const int MostDeferred = 64 * 1024;

    private OutgoingSend? _send;
    private ChannelOutboundBuffer? _outbound;
    private bool _quick;
    private bool _patient;
    private bool _consuming;

    /// <summary>The kernel has a send.</summary>
    public bool IsSending { get; private set; }

    /// <summary>Nothing more is taken at the moment.</summary>
    public bool IsBlocked => IsSending || _patient;

    /// <summary>Takes a batch over, to be sent with the next enter.</summary>
    public void Send(WriteBatch batch, ChannelOutboundBuffer outbound)
    {
        _outbound = outbound;
        var send = _send ??= channel.Loop.RentSend();
        if (send.FrontBytes + batch.Bytes > MostDeferred && send.Front.Count > 0)
        {
            // From here on the writability counts it: who writes as long as that lasts must come to an end.
            send.Spill(outbound);
            batch.Spill(outbound, sent: 0);
            if (!channel.Active)
            {
                return;
            }

            outbound.AddFlush();
        }
        else
        {
            batch.MoveTo(send.Front);
        }

        channel.Touch();
    }

    /// <summary>What is flushed in <paramref name="outbound"/> is sent with the next enter.</summary>
    public void Write(ChannelOutboundBuffer outbound)
    {
        _outbound = outbound;
        channel.Touch();
    }

    /// <summary>Queues what is to be sent.</summary>
    /// <returns>True if there is more to send, which can go as soon as this is taken.</returns>
    public bool Prepare()
    {
        if (IsSending)
        {
            return false;
        }

        var hasFront = _send is { Front.Count: > 0 };
        var waiting = _outbound?.Size ?? 0;
        if (!hasFront && (_outbound is null || !channel.PrepareOutput(_outbound)))
        {
            _patient = false;
            DropSend();
            return waiting > 0;
        }

        if (!channel.Active)
        {
            return true;
        }

        // A quick send is known to be done only when the loop's wait ends: nobody may wait for it, no promise and no writability.
        var loop = channel.Loop;
        _quick = loop.Features.SkipCompletion && hasFront && !_patient && (_outbound is null || _outbound.Size == 0);
        var send = _send ??= loop.RentSend();
        Gather(send);
        IsSending = true;
        if (_quick)
        {
            loop.StartQuickSend(
                this, Submissions.Send(channel.Socket.Descriptor, loop.Gatherer, quick: true, channel.Data(OperationKind.QuickSend)));
            return send.HasMore;
        }

        channel.Start(Submissions.Send(channel.Socket.Descriptor, loop.Gatherer, quick: false, channel.Data(OperationKind.Send)));
        return _outbound is not null && _outbound.Size != waiting;
    }

    /// <summary>The quick send was not done completely; told before <see cref="Settle"/>.</summary>
    /// <param name="result">The bytes that were sent, or the error number below zero.</param>
    public void NoteQuickSend(int result)
    {
        if (_quick)
        {
            _send!.Result = result;
        }
    }

    /// <summary>The kernel is done with the quick send.</summary>
    public void Settle()
    {
        var send = _send!;
        IsSending = false;
        _quick = false;
        send.Unpin();
        if (channel.IsClosed)
        {
            DropSend();
            channel.LeaveIfDone();
            return;
        }

        switch (send.Result)
        {
            case null:
                Consume(send.Wanted);
                break;
            case >= 0 or -Errno.Again or -Errno.Interrupted:
                _patient = true;
                Consume(Math.Max(send.Result.Value, 0));
                break;
            case var failure:
                Fail(-failure.Value);
                break;
        }
    }

    /// <summary>Handling the quick send has failed; the channel closes.</summary>
    public void Abort(Exception bug) => channel.Abort(bug);

    /// <summary>A send that waited for room has completed.</summary>
    public void OnSent(int result)
    {
        IsSending = false;
        _send!.Unpin();
        if (channel.IsClosed)
        {
            DropSend();
        }
        else if (result >= 0)
        {
            _patient = true;
            Consume(result);
        }
        else if (result is -Errno.Again or -Errno.Interrupted)
        {
            channel.Touch();
        }
        else
        {
            Fail(-result);
        }
    }

    /// <summary>Sends what was flushed and not handed over, as far as there is room: the channel closes.</summary>
    public void SendNow()
    {
        if (_consuming || (IsSending && !TryEndSend()))
        {
            return;
        }

        while (_send is { Front.Count: > 0 } || (_outbound is not null && channel.PrepareOutput(_outbound)))
        {
            var sent = SendOnce(_send?.Front);
            if (sent <= 0)
            {
                return;
            }

            Remove(sent);
        }
    }

    /// <summary>Asks for the end of a send that waits for room: the channel closes.</summary>
    public void Cancel()
    {
        if (IsSending && !_quick)
        {
            channel.Loop.Cancel(channel.Data(OperationKind.Send));
        }
    }

    /// <summary>Gives the buffers back, unless the kernel still reads them; then its completion does.</summary>
    public void Release()
    {
        if (!IsSending)
        {
            DropSend();
        }
    }

    private void Gather(OutgoingSend send)
    {
        var gatherer = channel.Loop.Gatherer;
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

        if (channel.IsClosed)
        {
            return;
        }

        if (send.Front.Count > 0 && _outbound is not null && channel.IsOutputEmpty(_outbound))
        {
            // Where it is counted. Behind something that waits there, a FIN for one, it must not come: then it stays in front.
            send.Spill(_outbound);
            if (channel.IsClosed)
            {
                return;
            }

            _outbound.AddFlush();
        }

        if (send.Front.Count > 0 || _outbound is { Size: > 0 })
        {
            channel.Touch();
        }
        else
        {
            _patient = false;
            DropSend();
        }
    }

    private void Fail(int errno)
    {
        DropSend();
        channel.FailOutput(errno);
    }

    private void DropSend()
    {
        if (_send is { } send)
        {
            _send = null;
            send.Unpin();
            send.ReleaseFront();
            channel.Loop.ReturnSend(send);
        }
    }

    /// <summary>
    /// A send that has gone out can have its completion behind the read whose handler closes the channel, when completions are made while the
    /// kernel is entered (without <see cref="IoUringFeatures.DeferTaskrun"/>), or when there was room again in the same wait.
    /// </summary>
    /// <returns>False if the send still waits for room, or has failed.</returns>
    private bool TryEndSend()
    {
        if (_quick)
        {
            return TryEndQuickSend();
        }

        if (!channel.TryEnd(OperationKind.Send, out var result))
        {
            return false;
        }

        IsSending = false;
        _send!.Unpin();
        if (result > 0)
        {
            Remove(result);
        }

        return result > 0;
    }

    /// <summary>
    /// A quick send of the same turn, when another channel's preparation leads to the close: the kernel has taken it (<see cref="IoUringEventLoop.BeforeClose"/>)
    /// and its completion, if it makes one, is there. It stays the loop's until that settles it.
    /// </summary>
    /// <returns>False if there is no room for more, or it has failed.</returns>
    private bool TryEndQuickSend()
    {
        var sent = channel.Loop.TryTakeCompletion(channel.Data(OperationKind.QuickSend), out var completion) ? completion.Result : _send!.Wanted;
        if (sent > 0)
        {
            Remove(sent);
        }

        return sent > 0;
    }

    private void Remove(long sent)
    {
        var rest = _send?.ConsumeFront(sent) ?? sent;
        if (rest > 0)
        {
            _outbound!.RemoveBytes(rest);
        }
    }

    private int SendOnce(List<IByteBuffer>? front)
    {
        var vectors = channel.Loop.Vectors;
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

            return channel.Calls.SendGathered(channel.Socket.Descriptor, vectors.Pointer, vectors.Count);
        }
        finally
        {
            vectors.Clear();
        }
    }
}
