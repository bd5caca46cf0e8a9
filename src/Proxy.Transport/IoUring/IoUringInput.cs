using DotNetty.Common.Concurrency;
using Proxy.Transport.Channels;
using Proxy.Transport.IoUring.Native;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>
/// The receiving half of an <see cref="IoUringSocketChannel"/>. While AutoRead is on one operation receives until it is cancelled, into buffers
/// that the kernel takes when there is something to put into them; a read by hand receives once. What comes when nobody wants it any more
/// is held. Loop thread only.
/// </summary>
/// <param name="channel">Its channel.</param>
internal sealed class IoUringInput(IoUringSocketChannel channel) : IIoUringReader, IRunnable
{
    // A channel that keeps small reads tends to go on (TLS), and each would hold a whole buffer: so many are copied.
    private const int CopiedReads = 1024;

    // From here on a kept buffer is used well enough.
    private const int LargeRead = ReceiveRing.BufferSize / 8;

    // How long the failure of a write waits for what had arrived before it.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMilliseconds(100);

    private HeldInput? _held;
    private int _copiedReads;
    private bool _receiving;
    private bool _multishot;
    private bool _cancelling;
    private bool _isReader;
    private bool _firesHeld;
    private bool _ended;
    private bool _watchesErrors;

    /// <summary>The channel was given an allocator of its own for what it reads.</summary>
    private bool OwnBuffers => channel.Configuration.RecvByteBufAllocator is not LoopReceiveAllocator;

    private bool HoldsNothing => _held is null or { IsEmpty: true };

    /// <summary>Reads as soon as there is something to read; once, unless AutoRead is on.</summary>
    public void Request()
    {
        channel.ReadRequested = true;
        if (_held is { IsEmpty: false })
        {
            FireHeldLater();
        }
        else if (!_receiving)
        {
            channel.Touch();
        }
    }

    /// <summary>Queues what is needed.</summary>
    public void Prepare()
    {
        if (_receiving)
        {
            if (_multishot && !_cancelling && !channel.ReadWanted)
            {
                _cancelling = true;
                channel.Loop.Cancel(channel.Data(OperationKind.Receive));
            }
        }
        else if (!_ended && channel.ReadWanted && HoldsNothing)
        {
            var loop = channel.Loop;
            _receiving = true;
            _multishot = loop.Features.MultishotReceive && channel.Configuration.AutoRead;
            channel.Start(
                Submissions.Receive(channel.Socket.Descriptor, loop.Buffers.Group, _multishot, channel.Data(OperationKind.Receive)));
        }
        else if (channel.InputEnded && !_watchesErrors)
        {
            // Nothing is received any more, and a reset would go unnoticed.
            _watchesErrors = true;
            channel.Start(Submissions.AwaitError(channel.Socket.Descriptor, channel.Data(OperationKind.Watch)));
        }
    }

    /// <summary>The operation has received something, or has come to its end.</summary>
    public void OnReceived(in CompletionEntry completion)
    {
        if (!completion.HasMore)
        {
            _receiving = false;
            _cancelling = false;
        }

        var buffer = completion.HasBuffer ? channel.Loop.Buffers.Take(completion.BufferNumber, Math.Max(completion.Result, 0)) : null;
        if (channel.IsClosed || completion.Result <= 0)
        {
            buffer?.Release();
        }
        else if (channel.Active && channel.ReadWanted && HoldsNothing && !OwnBuffers)
        {
            Fire(buffer!);
        }
        else
        {
            (_held ??= new HeldInput()).Add(buffer!);
            FireHeld();
        }

        if (!channel.IsClosed)
        {
            OnResult(completion.Result);
        }
    }

    /// <summary>The end of the peer or an error was noticed after the end of the input.</summary>
    public void OnError(in CompletionEntry completion)
    {
        const int PollError = 8;
        _watchesErrors &= completion.HasMore;
        if (channel.Active && channel.InputEnded && completion.Result > 0 && (completion.Result & PollError) != 0)
        {
            channel.FailInput(Errno.ToException(channel.Socket.TakeError() is var errno and not 0 ? errno : Errno.ConnectionReset));
        }
    }

    /// <inheritdoc/>
    public void CompleteRead()
    {
        if (_isReader)
        {
            _isReader = false;
            channel.Pipeline.FireChannelReadComplete();
        }
    }

    /// <summary>Fires what was held, now that somebody wants it.</summary>
    public void Run()
    {
        _firesHeld = false;
        FireHeld();
        CompleteRead();
        if (channel.Active && channel.ReadWanted && _held is not null && _held.TryTakeEnd(out var errno))
        {
            End(errno);
        }
        else
        {
            channel.Touch();
        }
    }

    /// <summary>Fires what had arrived before a write failed.</summary>
    /// <returns>False if that goes on: the connection is broken, so that what receives comes to its end.</returns>
    public bool Drain()
    {
        if (channel.ReadWanted && _held is { IsEmpty: false })
        {
            Run();
        }

        if (!channel.ReadWanted || _ended || !channel.Active)
        {
            return true;
        }

        channel.Touch();
        channel.EventLoop.Schedule(static input => ((IoUringInput)input).EndDrain(), this, DrainLimit);
        return false;
    }

    /// <summary>Asks for the end of what is pending: the channel closes.</summary>
    public void Cancel()
    {
        if (_receiving)
        {
            channel.Loop.Cancel(channel.Data(OperationKind.Receive));
        }

        if (_watchesErrors)
        {
            channel.Loop.Cancel(channel.Data(OperationKind.Watch));
        }
    }

    /// <summary>Gives back what is held.</summary>
    public void Release() => _held?.Release();

    private void OnResult(int result)
    {
        switch (result)
        {
            case > 0 or -Errno.Canceled or -Errno.Again or -Errno.Interrupted:
                break;
            case -Errno.NoBuffers:
                channel.Loop.Buffers.NoteStarved();
                break;
            default:
                EndInOrder(-result);
                return;
        }

        if (!_receiving)
        {
            channel.Touch();
        }
    }

    /// <summary>The end of the input: told behind what is held, and when somebody wants to read.</summary>
    private void EndInOrder(int errno)
    {
        _ended = true;
        if (channel.ReadWanted && HoldsNothing)
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
        if (!channel.Active)
        {
            return;
        }

        if (errno != 0)
        {
            channel.FailInput(channel.WriteFailure ?? Errno.ToException(errno));
            return;
        }

        channel.EndInput();
        channel.Touch();
    }

    private void EndDrain()
    {
        if (channel.Active)
        {
            channel.FailInput(channel.WriteFailure!);
        }
    }

    private void Fire(ReceiveBuffer buffer)
    {
        NoteRead();
        if (_copiedReads > 0)
        {
            _copiedReads--;
            channel.Pipeline.FireChannelRead(ReceivedCopies.Copy(channel, buffer));
            return;
        }

        var length = buffer.ReadableBytes;
        channel.Pipeline.FireChannelRead(buffer);
        if (length < LargeRead && buffer.ReferenceCount > 0)
        {
            _copiedReads = CopiedReads;
        }
    }

    /// <summary>Fires what is held, as far as it is wanted.</summary>
    private void FireHeld()
    {
        while (channel.Active && channel.ReadWanted && _held is not null && _held.TryPeek(out var buffer))
        {
            if (OwnBuffers)
            {
                var piece = ReceivedCopies.TakePiece(channel, buffer);
                NoteRead();
                channel.Pipeline.FireChannelRead(piece);
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

    private void FireHeldLater()
    {
        if (!_firesHeld)
        {
            _firesHeld = true;
            channel.EventLoop.Execute(this);
        }
    }

    private void NoteRead()
    {
        channel.ReadRequested = false;
        if (!_isReader)
        {
            _isReader = true;
            channel.Loop.AddReader(this);
        }
    }
}
