using System.Net;
using System.Net.Sockets;

namespace Proxy.Transport.Tests.Contract;

/// <summary>The other end of a channel under test: a plain blocking socket that gives up after a while.</summary>
internal sealed class Peer : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public Peer(Socket socket)
    {
        Socket = socket;
        socket.ReceiveTimeout = socket.SendTimeout = (int)Patience.TotalMilliseconds;
    }

    public Socket Socket { get; }

    public static Peer Connect(EndPoint address, int? receiveBuffer = null)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        try
        {
            socket.Connect(address);
            return new Peer(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Socket.Send(bytes)..];
        }
    }

    /// <summary>Exactly <paramref name="count"/> bytes.</summary>
    public byte[] Receive(int count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var received = Socket.Receive(bytes.AsSpan(done));
            if (received == 0)
            {
                throw new EndOfStreamException($"end after {done} of {count} bytes");
            }

            done += received;
        }

        return bytes;
    }

    /// <summary>Everything up to the end of the stream; throws on a reset.</summary>
    public byte[] ReceiveToEnd()
    {
        var all = new MemoryStream();
        var bytes = new byte[64 * 1024];
        while (Socket.Receive(bytes) is > 0 and var received)
        {
            all.Write(bytes.AsSpan(0, received));
        }

        return all.ToArray();
    }

    /// <summary>Sends a FIN.</summary>
    public void Finish() => Socket.Shutdown(SocketShutdown.Send);

    /// <summary>Sends a RST.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    public void Dispose() => Socket.Dispose();
}
