using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Proxy.Transport.Sockets;

/// <summary>
/// Collects the flushed messages of an outbound buffer into one list for a gathering send. One per loop thread, reused.
/// (<see cref="ChannelOutboundBuffer.GetSharedBufferList()"/> keeps the segments of a message from before a partial write, and a second
/// use of them would send bytes twice.)
/// </summary>
internal sealed class SegmentGatherer : ChannelOutboundBuffer.IMessageProcessor
{
    // .NET puts up to 8 of the system's vectors on the stack and allocates beyond; 64 still bounds what a call copies from the list.
    private const int MaxSegments = 64;

    // What does not fit into the socket's send buffer would only be walked through again; 1 MB is more than a default socket takes.
    private const long MaxBytes = 1 << 20;

    [ThreadStatic]
    private static SegmentGatherer? _current;

    /// <summary>The instance of this thread.</summary>
    public static SegmentGatherer Current => _current ??= new SegmentGatherer();

    /// <summary>What was collected, in order; valid until <see cref="Clear"/>.</summary>
    public List<ArraySegment<byte>> Segments { get; } = new(MaxSegments);

    /// <summary>Bytes in <see cref="Segments"/>.</summary>
    public long Bytes { get; private set; }

    /// <inheritdoc/>
    public bool ProcessMessage(object msg)
    {
        if (msg is not IByteBuffer buffer)
        {
            return false;
        }

        if (buffer.IsReadable())
        {
            if (buffer.IoBufferCount == 1)
            {
                Add(buffer.GetIoBuffer(buffer.ReaderIndex, buffer.ReadableBytes));
            }
            else
            {
                // With the indices: without them a composite that DotNetty watches for leaks begins at its first byte, sent or not.
                foreach (var segment in buffer.GetIoBuffers(buffer.ReaderIndex, buffer.ReadableBytes))
                {
                    Add(segment);
                }
            }
        }

        return Segments.Count < MaxSegments && Bytes < MaxBytes;
    }

    /// <summary>Forgets everything, so that no buffer is kept alive.</summary>
    public void Clear()
    {
        Segments.Clear();
        Bytes = 0;
    }

    private void Add(ArraySegment<byte> segment)
    {
        // A composite buffer may alone have more parts than one call takes; what follows must not jump the queue, hence no early break.
        if (segment.Count > 0 && Segments.Count < MaxSegments)
        {
            Segments.Add(segment);
            Bytes += segment.Count;
        }
    }
}
