using DotNetty.Buffers;
using DotNetty.Common.Utilities;
using DotNetty.Transport.Channels;
using TaskCompletionSource = DotNetty.Common.Concurrency.TaskCompletionSource;

namespace Proxy.Transport.Channels;

/// <summary>
/// Unpromised writes between WriteAsync and Flush: what is usually sent at once, whole, and then has cost neither a promise nor an entry of
/// the outbound buffer. What is not goes there and is the outbound buffer's from then on. Owns one count of each buffer in it.
/// </summary>
internal sealed class WriteBatch
{
    // More than this waits in the outbound buffer, which knows the watermarks: its high one by default.
    private const int MostBytes = 64 * 1024;

    private readonly List<IByteBuffer> _buffers = new(1);
    private int _first;

    /// <summary>Buffers in it, in order. None of them is empty.</summary>
    public int Count => _buffers.Count - _first;

    /// <summary>Bytes in it.</summary>
    public int Bytes { get; private set; }

    /// <summary>It holds more than should wait here: to be spilled.</summary>
    public bool IsFull => Count > 1 && Bytes > MostBytes;

    /// <summary>The buffer at <paramref name="index"/>; the batch keeps its count.</summary>
    public IByteBuffer this[int index] => _buffers[_first + index];

    /// <summary>Takes a buffer that is not empty, at the end.</summary>
    public void Add(IByteBuffer buffer)
    {
        _buffers.Add(buffer);
        Bytes = (int)Math.Min((long)Bytes + buffer.ReadableBytes, int.MaxValue);
    }

    /// <summary>Moves all of it, with its counts, to the end of <paramref name="buffers"/>.</summary>
    public void MoveTo(List<IByteBuffer> buffers)
    {
        while (Count > 0)
        {
            buffers.Add(Next());
        }
    }

    /// <summary>All of it was sent, or never will be.</summary>
    public void Release()
    {
        while (Count > 0)
        {
            // One that somebody else has released too often must not keep the others.
            ReferenceCountUtil.SafeRelease(Next());
        }
    }

    /// <summary>Moves what was not sent to the end of the outbound buffer, not flushed.</summary>
    /// <param name="outbound">Takes the buffers.</param>
    /// <param name="sent">Bytes that the system has taken already, less than all.</param>
    /// <remarks>
    /// The outbound buffer tells the handlers at once when it reaches its watermark, and they may write, flush and close. So each buffer
    /// leaves the batch before it goes there: whoever comes in between finds the rest, in order.
    /// </remarks>
    public void Spill(ChannelOutboundBuffer outbound, int sent)
    {
        while (sent > 0)
        {
            var length = this[0].ReadableBytes;
            if (sent < length)
            {
                this[0].SkipBytes(sent);
                Bytes -= sent;
                break;
            }

            sent -= length;
            Next().Release();
        }

        while (Count > 0)
        {
            var buffer = Next();
            outbound.AddMessage(buffer, buffer.ReadableBytes, TaskCompletionSource.Void);
        }
    }

    private IByteBuffer Next()
    {
        var buffer = _buffers[_first++];
        Bytes -= buffer.ReadableBytes;
        if (_first == _buffers.Count)
        {
            _buffers.Clear();
            _first = 0;
            Bytes = 0;
        }

        return buffer;
    }
}
