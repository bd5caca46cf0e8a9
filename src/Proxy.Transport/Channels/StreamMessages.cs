using System.Net.Sockets;
using DotNetty.Buffers;

namespace Proxy.Transport.Channels;

/// <summary>What a stream channel can be told to write.</summary>
internal static class StreamMessages
{
    /// <summary>Lets an <see cref="IByteBuffer"/> pass, and <see cref="SocketShutdown.Send"/>, which ends our side of the connection.</summary>
    /// <exception cref="NotSupportedException"><paramref name="message"/> is neither.</exception>
    public static object Check(object message) => message switch
    {
        IByteBuffer or SocketShutdown.Send => message,
        _ => throw new NotSupportedException($"a socket takes an IByteBuffer or SocketShutdown.Send, not a {message.GetType().Name}"),
    };
}
