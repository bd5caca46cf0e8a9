using System.Runtime.InteropServices;
using DotNetty.Buffers;
using DotNetty.Common.Utilities;
using DotNetty.Transport.Channels;
using TaskCompletionSource = DotNetty.Common.Concurrency.TaskCompletionSource;

namespace Proxy.Transport.IoUring;

/// <summary>
/// What a channel is sending: the unpromised buffers that go before the outbound buffer's, and what the kernel may still read. A channel has one
/// only while it sends; the loop keeps the others.
/// </summary>
internal sealed class OutgoingSend
{
    // Owns one count of each.
    private readonly List<IByteBuffer> _front = [];

    // Owns one count of each, so that memory which the kernel reads outlives the channel.
    private readonly List<IByteBuffer> _kept = [];

    private readonly List<GCHandle> _pins = [];

    /// <summary>The buffers that go first.</summary>
    public List<IByteBuffer> Front => _front;

    /// <summary>Bytes in <see cref="Front"/>.</summary>
    public long FrontBytes
    {
        get
        {
            var bytes = 0L;
            foreach (var buffer in _front)
            {
                bytes += buffer.ReadableBytes;
            }

            return bytes;
        }
    }

    /// <summary>Bytes in the operation that the kernel has.</summary>
    public long Wanted { get; set; }

    /// <summary>What the kernel said of a quick send that was not done completely; null: it was.</summary>
    public int? Result { get; set; }

    /// <summary>There was more than the operation could take.</summary>
    public bool HasMore { get; set; }

    /// <summary>Takes a count of <paramref name="buffer"/> until <see cref="Unpin"/>.</summary>
    public void Keep(IByteBuffer buffer) => _kept.Add((IByteBuffer)buffer.Retain());

    /// <summary>Pins an array until <see cref="Unpin"/>.</summary>
    public void Pin(byte[] array) => _pins.Add(GCHandle.Alloc(array, GCHandleType.Pinned));

    /// <summary>The kernel is done with the memory.</summary>
    public void Unpin()
    {
        foreach (var pin in _pins)
        {
            pin.Free();
        }

        foreach (var buffer in _kept)
        {
            ReferenceCountUtil.SafeRelease(buffer);
        }

        _pins.Clear();
        _kept.Clear();
    }

    /// <summary>So many bytes were sent: releases what is whole.</summary>
    /// <returns>How many of them were not of <see cref="Front"/>.</returns>
    public long ConsumeFront(long sent)
    {
        var whole = 0;
        foreach (var buffer in _front)
        {
            var length = buffer.ReadableBytes;
            if (sent < length)
            {
                buffer.SkipBytes((int)sent);
                sent = 0;
                break;
            }

            sent -= length;
            whole++;
            buffer.Release();
        }

        _front.RemoveRange(0, whole);
        return sent;
    }

    /// <summary>Moves <see cref="Front"/> into an empty outbound buffer, which knows watermarks; not flushed.</summary>
    public void Spill(ChannelOutboundBuffer outbound)
    {
        if (_front.Count == 0)
        {
            return;
        }

        // As one: the outbound buffer tells the handlers at once when it reaches its watermark, and they may write behind it, and close.
        var all = _front.Count == 1 ? _front[0] : Unpooled.CompositeBuffer(_front.Count).AddComponents(true, _front);
        _front.Clear();
        outbound.AddMessage(all, all.ReadableBytes, TaskCompletionSource.Void);
    }

    /// <summary>Nothing of <see cref="Front"/> will be sent any more.</summary>
    public void ReleaseFront()
    {
        foreach (var buffer in _front)
        {
            // One that somebody else has released too often must not keep the others.
            ReferenceCountUtil.SafeRelease(buffer);
        }

        _front.Clear();
    }
}
