using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>
/// Collects the pieces of memory of sends. What it hands out (iovecs with the header of their message) stays until <see cref="Reset"/>, so that
/// the sends of a whole turn can be queued before the kernel takes them. Loop thread only.
/// </summary>
internal sealed unsafe class SendGatherer : ChannelOutboundBuffer.IMessageProcessor, IDisposable
{
    // As with IoVectors: what is beyond would only be walked through again.
    private const int MostVectors = 64;
    private const long MostBytes = 1 << 20;

    private const int ChunkSize = 64 * 1024;

    private readonly List<nint> _chunks = [];
    private int _chunk;
    private int _offset;
    private OutgoingSend? _send;
    private bool _retain;

    /// <summary>The header of the message; its vectors follow it.</summary>
    public MessageHeader* Header { get; private set; }

    /// <summary>The first of <see cref="Count"/> vectors.</summary>
    public IoVector* Vectors => (IoVector*)(Header + 1);

    /// <summary>Pieces collected.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes collected.</summary>
    public long Bytes { get; private set; }

    /// <summary>There was no room for everything.</summary>
    public bool IsFull { get; private set; }

    /// <summary>All that was handed out was taken by the kernel.</summary>
    public void Reset()
    {
        _chunk = 0;
        _offset = 0;
    }

    /// <summary>Begins a send.</summary>
    /// <param name="send">Keeps the pins, and the counts if asked.</param>
    /// <param name="retain">Each buffer gets a count more, which is the send's.</param>
    public void Begin(OutgoingSend send, bool retain)
    {
        const int Needed = MostVectors * 16;
        if (_chunks.Count == 0)
        {
            _chunks.Add((nint)NativeMemory.Alloc(ChunkSize));
        }
        else if (_offset + sizeof(MessageHeader) + Needed > ChunkSize)
        {
            _offset = 0;
            if (++_chunk == _chunks.Count)
            {
                _chunks.Add((nint)NativeMemory.Alloc(ChunkSize));
            }
        }

        Header = (MessageHeader*)(_chunks[_chunk] + _offset);
        *Header = default;
        Header->Vectors = Vectors;
        Count = 0;
        Bytes = 0;
        IsFull = false;
        _send = send;
        _retain = retain;
    }

    /// <summary>Ends the send: what was collected is kept.</summary>
    public void End()
    {
        Header->VectorCount = (nuint)Count;
        _offset += sizeof(MessageHeader) + (Count * sizeof(IoVector));
        _send = null;
    }

    /// <inheritdoc/>
    bool ChannelOutboundBuffer.IMessageProcessor.ProcessMessage(object message)
    {
        if (message is IByteBuffer buffer)
        {
            return Add(buffer);
        }

        // What is behind it must wait for it.
        IsFull = true;
        return false;
    }

    /// <summary>Adds what is readable in <paramref name="buffer"/>, as far as there is room.</summary>
    /// <returns>False if there is no room for more.</returns>
    public bool Add(IByteBuffer buffer)
    {
        var length = buffer.ReadableBytes;
        if (length == 0)
        {
            return true;
        }

        if (Count == MostVectors || Bytes >= MostBytes)
        {
            IsFull = true;
            return false;
        }

        if (_retain)
        {
            _send!.Keep(buffer);
        }

        if (buffer.HasMemoryAddress && buffer.AddressOfPinnedMemory() is var address and not 0)
        {
            Add((byte*)address + buffer.ReaderIndex, length);
        }
        else if (buffer.IoBufferCount == 1)
        {
            Pin(buffer.GetIoBuffer(buffer.ReaderIndex, length));
        }
        else
        {
            // With the indices: without them a composite that DotNetty watches for leaks begins at its first byte, sent or not.
            foreach (var segment in buffer.GetIoBuffers(buffer.ReaderIndex, length))
            {
                Pin(segment);
            }
        }

        return !IsFull;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var chunk in _chunks)
        {
            NativeMemory.Free((void*)chunk);
        }

        _chunks.Clear();
    }

    private void Pin(ArraySegment<byte> segment)
    {
        if (segment.Count == 0 || IsFull)
        {
            return;
        }

        if (Count == MostVectors)
        {
            IsFull = true;
            return;
        }

        _send!.Pin(segment.Array!);
        Add((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(segment.Array!)) + segment.Offset, segment.Count);
    }

    private void Add(byte* address, int length)
    {
        Vectors[Count++] = new IoVector { Address = address, Length = (nuint)length };
        Bytes += length;
    }
}
