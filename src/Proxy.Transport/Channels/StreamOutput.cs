using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Proxy.Transport.Native;

namespace Proxy.Transport.Channels;

/// <summary>
/// The order of what a <see cref="StreamChannel"/> sends: writes without a promise wait in a batch until they are flushed, and go behind
/// whatever waits in the outbound buffer already. Knows what has ended the sending. Loop thread only.
/// </summary>
/// <param name="socket">The channel's.</param>
internal sealed class StreamOutput(NativeSocket socket)
{
    private WriteBatch? _batch;
    // A write with a promise is not flushed yet. The outbound buffer counts bytes, and SocketShutdown.Send has none.
    private bool _promisedWaits;
    private bool _isShutDown;

    /// <summary>What failed the sending, if something did; the channel is about to close.</summary>
    public SocketException? Failure { get; set; }

    /// <summary>True if there are writes without a promise that are not flushed.</summary>
    public bool HasBatch => _batch is { Count: > 0 };

    /// <summary>Takes a write without a promise, and with it the buffer's count.</summary>
    /// <param name="buffer">What is written.</param>
    /// <param name="outbound">Where it goes if it has to wait.</param>
    /// <param name="blocked">There is no room at the moment, or no connection.</param>
    public void Take(IByteBuffer buffer, ChannelOutboundBuffer outbound, bool blocked)
    {
        if (Failure is not null || _isShutDown || !buffer.IsReadable())
        {
            buffer.Release();
            return;
        }

        _batch ??= new WriteBatch();
        _batch.Add(buffer);
        if (_batch.IsFull || MustQueue(outbound, blocked))
        {
            _batch.Spill(outbound, sent: 0);
        }
    }

    /// <summary>A write with a promise is about to enter the outbound buffer: what was written before it goes first.</summary>
    public void ExpectPromised(ChannelOutboundBuffer? outbound)
    {
        if (outbound is not null && HasBatch)
        {
            _batch!.Spill(outbound, sent: 0);
        }

        _promisedWaits = true;
    }

    /// <summary>A flush, with <see cref="HasBatch"/>.</summary>
    /// <returns>The batch, which is to be sent now; null if it went into the outbound buffer, which is to be flushed.</returns>
    public WriteBatch? Flush(ChannelOutboundBuffer outbound, bool blocked)
    {
        if (!MustQueue(outbound, blocked))
        {
            return _batch;
        }

        _batch!.Spill(outbound, sent: 0);
        return null;
    }

    /// <summary>The outbound buffer is being flushed, with all that it holds.</summary>
    public void PromisedFlushed() => _promisedWaits = false;

    /// <summary>Takes what is not a buffer from the front of the outbound buffer, and fails what can no longer be sent.</summary>
    /// <returns>False if there is nothing to send.</returns>
    public bool Prepare(ChannelOutboundBuffer outbound)
    {
        while (outbound.Current is { } message)
        {
            if (Failure is not null || _isShutDown)
            {
                outbound.FailFlushed(Failure ?? new SocketException((int)SocketError.Shutdown), true);
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
                Shutdown();
            }

            outbound.Remove();
        }

        return false;
    }

    /// <summary>Sends our FIN, once.</summary>
    public void Shutdown()
    {
        if (!_isShutDown)
        {
            _isShutDown = true;
            socket.ShutdownOutput();
        }
    }

    /// <summary>True if nothing waits in the outbound buffer, flushed or not: what is put there now is the next to be sent.</summary>
    public bool IsEmpty(ChannelOutboundBuffer outbound) => !_promisedWaits && outbound.IsEmpty && outbound.TotalPendingWriteBytes() == 0;

    /// <summary>Releases what was never flushed: the channel closes.</summary>
    public void Release() => _batch?.Release();

    /// <summary>True if what is written now must wait for what was written before, or for room, or for a connection (in vain).</summary>
    private bool MustQueue(ChannelOutboundBuffer outbound, bool blocked) => blocked || !IsEmpty(outbound);
}
