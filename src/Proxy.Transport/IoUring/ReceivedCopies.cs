using DotNetty.Buffers;
using Proxy.Transport.Channels;

namespace Proxy.Transport.IoUring;

/// <summary>What was received in buffers of the handler's own, where the kernel's are not for it.</summary>
internal static class ReceivedCopies
{
    /// <summary>A copy of all that is readable in <paramref name="input"/>, which is released.</summary>
    public static IByteBuffer Copy(IoUringSocketChannel channel, ReceiveBuffer input)
    {
        var length = input.ReadableBytes;
        var copy = channel.Allocator.Buffer(length);
        copy.WriteBytes(input, length);
        input.Release();
        return copy;
    }

    /// <summary>As much of <paramref name="input"/> as fits into a buffer of the channel's own receive allocator; it is read so far.</summary>
    public static IByteBuffer TakePiece(IoUringSocketChannel channel, ReceiveBuffer input)
    {
        var handle = channel.Unsafe.RecvBufAllocHandle;
        handle.Reset(channel.Configuration);
        var piece = handle.Allocate(channel.Allocator);
        var length = Math.Min(Math.Max(piece.WritableBytes, 1), input.ReadableBytes);
        handle.AttemptedBytesRead = piece.WritableBytes;
        handle.LastBytesRead = length;
        handle.IncMessagesRead(1);
        handle.ReadComplete();
        piece.WriteBytes(input, length);
        return piece;
    }
}
