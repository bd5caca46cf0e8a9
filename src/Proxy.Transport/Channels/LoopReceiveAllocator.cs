using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Proxy.Transport.Channels;

/// <summary>
/// Lets all channels of a loop read into one buffer, so that a read costs neither memory nor garbage, as long as handlers release what they
/// are given before ChannelRead returns. A handler that keeps a buffer has it until it releases it. A channel whose handlers keep small
/// reads gets buffers of its own from its allocator for a while, sized by what it receives.
/// </summary>
internal sealed class LoopReceiveAllocator : IMaxMessagesRecvByteBufAllocator
{
    // A channel that keeps small reads tends to go on (TLS), and each would hold a whole buffer.
    private const int OwnReads = 1024;

    // From here on a kept buffer is used well enough.
    private const int LargeRead = ReceiveBufferPool.BufferSize / 8;

    [ThreadStatic]
    private static ReceiveBuffer? _shared;

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
        private ReceiveBuffer? _lent;
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

            // None: it is the first read of the thread, or a read inside of another channel's read, which has it.
            var buffer = _shared ?? ReceiveBufferPool.Current.Rent();
            _shared = null;
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
            if (buffer.ReferenceCount == 1 && _shared is null)
            {
                _shared = buffer;
                return;
            }

            if (buffer.ReferenceCount > 1 && LastBytesRead < LargeRead)
            {
                _ownReads = OwnReads;
            }

            buffer.Release();
        }
    }
}
