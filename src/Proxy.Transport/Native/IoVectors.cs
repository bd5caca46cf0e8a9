using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;

namespace Proxy.Transport.Native;

/// <summary>
/// The pieces of memory of one gathered send. Memory that is not pinned for good is pinned from its adding to
/// <see cref="Clear"/>. One per loop, used on its thread only.
/// </summary>
internal sealed unsafe class IoVectors : ChannelOutboundBuffer.IMessageProcessor, IDisposable
{
    // UIO_MAXIOV is 1024, and beyond 8 the kernel allocates; 64 bounds what is walked through for a send that takes only some of it.
    private const int Most = 64;

    // What does not fit into the socket's send buffer would only be walked through again; 1 MB is more than a default socket takes.
    private const long MostBytes = 1 << 20;

    private readonly IoVector* _vectors = (IoVector*)NativeMemory.Alloc(Most, (nuint)sizeof(IoVector));
    private readonly List<GCHandle> _pins = [];

    /// <summary>The first of <see cref="Count"/> vectors; valid until <see cref="Clear"/>.</summary>
    public IoVector* Pointer => _vectors;

    /// <summary>Pieces collected.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes collected.</summary>
    public long Bytes { get; private set; }

    /// <inheritdoc/>
    bool ChannelOutboundBuffer.IMessageProcessor.ProcessMessage(object message) => message is IByteBuffer buffer && Add(buffer);

    /// <summary>Adds what is readable in <paramref name="buffer"/>, as far as there is room.</summary>
    /// <returns>True if there is room for more.</returns>
    public bool Add(IByteBuffer buffer)
    {
        var length = buffer.ReadableBytes;
        if (length > 0)
        {
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
        }

        return Count < Most && Bytes < MostBytes;
    }

    /// <summary>Adds the first of <paramref name="buffers"/>, as many as there is room for.</summary>
    public void AddAll(List<IByteBuffer> buffers)
    {
        foreach (var buffer in buffers)
        {
            if (!Add(buffer))
            {
                return;
            }
        }
    }

    /// <summary>Adds the first of <paramref name="batch"/>, as many as there is room for.</summary>
    public void AddAll(WriteBatch batch)
    {
        for (var i = 0; i < batch.Count && Add(batch[i]); i++)
        {
            // One by one, as far as there is room.
        }
    }

    /// <summary>Sends what was collected in one call, which is made again if a signal came first.</summary>
    /// <returns>Bytes sent, 0 if there is no room; else the error number, negated.</returns>
    public int Send(SystemCalls calls, NativeSocket socket)
    {
        int sent;
        do
        {
            sent = Count == 1
                ? calls.Send(socket.Descriptor, _vectors->Address, (int)_vectors->Length)
                : calls.SendGathered(socket.Descriptor, _vectors, Count);
        }
        while (sent == -Errno.Interrupted);

        return sent == -Errno.Again ? 0 : sent;
    }

    /// <summary>Forgets everything and unpins what was pinned.</summary>
    public void Clear()
    {
        Count = 0;
        Bytes = 0;
        if (_pins.Count > 0)
        {
            foreach (var pin in _pins)
            {
                pin.Free();
            }

            _pins.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clear();
        NativeMemory.Free(_vectors);
    }

    private void Pin(ArraySegment<byte> segment)
    {
        // A composite buffer may alone have more parts than one call takes; what follows must not jump the queue: it finds no room either.
        if (segment.Count > 0 && Count < Most)
        {
            _pins.Add(GCHandle.Alloc(segment.Array, GCHandleType.Pinned));
            Add((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(segment.Array!)) + segment.Offset, segment.Count);
        }
    }

    private void Add(byte* address, int length)
    {
        _vectors[Count++] = new IoVector { Address = address, Length = (nuint)length };
        Bytes += length;
    }
}
