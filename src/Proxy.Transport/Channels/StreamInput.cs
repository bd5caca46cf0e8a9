using DotNetty.Buffers;
using Proxy.Transport.Native;

namespace Proxy.Transport.Channels;

/// <summary>What has arrived at a stream socket: received into a buffer, or thrown away.</summary>
internal static unsafe class StreamInput
{
    // What is thrown away at most when a channel closes with unread input. A peer that goes on sending beyond this is reset.
    private const int MaxDiscard = 256 * 1024;

    /// <summary>One receive into <paramref name="buffer"/>, whose writer index moves.</summary>
    /// <returns>Bytes received, 0 at the end of the stream; else the error number, negated.</returns>
    public static int Receive(SystemCalls calls, NativeSocket socket, IByteBuffer buffer)
    {
        var space = buffer.WritableBytes;
        int received;
        if (buffer.AddressOfPinnedMemory() is var address and not 0)
        {
            received = Receive(calls, socket, (byte*)address + buffer.WriterIndex, space);
        }
        else
        {
            fixed (byte* bytes = &buffer.GetPinnableMemoryAddress())
            {
                received = Receive(calls, socket, bytes + buffer.WriterIndex, space);
            }
        }

        if (received > 0)
        {
            buffer.SetWriterIndex(buffer.WriterIndex + received);
        }

        return received;
    }

    /// <summary>Drops what has arrived, so that the close does not become a reset that takes the last replies with it.</summary>
    public static void Discard(SystemCalls calls, NativeSocket socket)
    {
        var buffer = ReceiveBufferPool.Current.Rent();
        try
        {
            for (var total = 0; total < MaxDiscard;)
            {
                var received = Receive(calls, socket, (byte*)buffer.AddressOfPinnedMemory(), buffer.Capacity);
                if (received <= 0)
                {
                    return;
                }

                total += received;
            }
        }
        finally
        {
            buffer.Release();
        }
    }

    /// <summary>recv(2), again if a signal came first.</summary>
    private static int Receive(SystemCalls calls, NativeSocket socket, byte* memory, int length)
    {
        int received;
        do
        {
            received = calls.Receive(socket.Descriptor, memory, length);
        }
        while (received == -Errno.Interrupted);

        return received;
    }
}
