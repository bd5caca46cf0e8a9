using DotNetty.Buffers;
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

    /// <summary>Buffers in it, in order. None of them is empty.</summary>
    public int Count => _buffers.Count;

    /// <summary>Bytes in it.</summary>
    public int Bytes { get; private set; }

    /// <summary>The buffer at <paramref name="index"/>; the batch keeps its count.</summary>
    public IByteBuffer this[int index] => _buffers[index];

    /// <summary>Takes a buffer that is not empty, if there is room.</summary>
    /// <returns>False if not; it is then still the caller's.</returns>
    public bool TryAdd(IByteBuffer buffer)
    {
        var length = buffer.ReadableBytes;
        if (Count > 0 && Bytes + length > MostBytes)
        {
            return false;
        }

        _buffers.Add(buffer);
        Bytes += length;
        return true;
    }

    /// <summary>Moves all of it, with its counts, to the end of <paramref name="buffers"/>.</summary>
    public void MoveTo(List<IByteBuffer> buffers)
    {
        buffers.AddRange(_buffers);
        Clear();
    }

    /// <summary>All of it was sent, or never will be.</summary>
    public void Release()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Release();
        }

        Clear();
    }

    /// <summary>Moves what was not sent to the end of the outbound buffer, not flushed.</summary>
    /// <param name="outbound">Takes the buffers.</param>
    /// <param name="sent">Bytes that the system has taken already, less than all.</param>
    public void Spill(ChannelOutboundBuffer outbound, int sent)
    {
        foreach (var buffer in _buffers)
        {
            var length = buffer.ReadableBytes;
            if (sent >= length)
            {
                sent -= length;
                buffer.Release();
                continue;
            }

            buffer.SkipBytes(sent);
            sent = 0;
            outbound.AddMessage(buffer, buffer.ReadableBytes, TaskCompletionSource.Void);
        }

        Clear();
    }

    private void Clear()
    {
        _buffers.Clear();
        Bytes = 0;
    }
}
