using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Proxy.Transport.Sockets;

/// <summary>
/// Lets all channels of a loop read into one buffer, so that a read costs neither memory nor garbage, as long as handlers release what they
/// are given before ChannelRead returns. A channel whose handlers keep a buffer leaves it to them and for a while gets buffers of its own
/// from its allocator, sized by what it receives.
/// </summary>
internal sealed class LoopReceiveAllocator : IMaxMessagesRecvByteBufAllocator
{
    /// <summary>Bytes of the shared buffer: what one receive call takes at most.</summary>
    public const int SharedSize = 64 * 1024;

    // A channel that keeps buffers tends to go on (a large value, TLS), and each try costs a shared buffer: 1024 reads make that 64 bytes a read.
    private const int OwnReads = 1024;

    [ThreadStatic]
    private static IByteBuffer? _shared;

    private readonly AdaptiveRecvByteBufAllocator _own = new();

    /// <inheritdoc/>
    public int MaxMessagesPerRead
    {
        get => _own.MaxMessagesPerRead;
        set => _own.MaxMessagesPerRead = value;
    }

    /// <inheritdoc/>
    public IRecvByteBufAllocatorHandle NewHandle() => new Handle(_own.NewHandle());

    private sealed class Handle(IRecvByteBufAllocatorHandle own) : IRecvByteBufAllocatorHandle
    {
        private IByteBuffer? _lent;
        private int _ownReads;

        public int LastBytesRead
        {
            get => own.LastBytesRead;
            set => own.LastBytesRead = value;
        }

        public int AttemptedBytesRead
        {
            get => own.AttemptedBytesRead;
            set => own.AttemptedBytesRead = value;
        }

        public IByteBuffer Allocate(IByteBufferAllocator alloc)
        {
            TakeBack();
            if (_ownReads > 0)
            {
                _ownReads--;
                return own.Allocate(alloc);
            }

            var buffer = _shared;
            if (buffer is null || buffer.ReferenceCount > 1)
            {
                // None yet, or a read inside of another channel's read: that one has it.
                buffer = Unpooled.WrappedBuffer(new byte[SharedSize]);
                _shared ??= buffer;
            }

            _lent = buffer;
            return (IByteBuffer)buffer.Clear().Retain();
        }

        public int Guess() => own.Guess();

        public void Reset(IChannelConfiguration config) => own.Reset(config);

        public void IncMessagesRead(int numMessages) => own.IncMessagesRead(numMessages);

        public bool ContinueReading() => own.ContinueReading();

        public void ReadComplete()
        {
            TakeBack();
            own.ReadComplete();
        }

        private void TakeBack()
        {
            if (_lent is not { } buffer)
            {
                return;
            }

            _lent = null;
            if (buffer.ReferenceCount > 1)
            {
                _ownReads = OwnReads;
                Drop(buffer);
            }
            else if (buffer != _shared)
            {
                buffer.Release();
            }
        }

        private static void Drop(IByteBuffer buffer)
        {
            if (buffer == _shared)
            {
                _shared = null;
            }

            buffer.Release();
        }
    }
}
