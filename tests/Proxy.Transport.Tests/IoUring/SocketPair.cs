using System.Net;
using System.Net.Sockets;

namespace Proxy.Transport.Tests.IoUring;

/// <summary>Two connected TCP sockets of this process.</summary>
internal sealed class SocketPair : IDisposable
{
    public SocketPair(int? sendBuffer = null, int? receiveBuffer = null)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer is { } size)
        {
            listener.ReceiveBufferSize = size;
        }

        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Ours = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (sendBuffer is { } bytes)
        {
            Ours.SendBufferSize = bytes;
        }

        Ours.Connect(listener.LocalEndPoint!);
        Theirs = listener.Accept();
        Ours.NoDelay = Theirs.NoDelay = true;
    }

    public Socket Ours { get; }

    public Socket Theirs { get; }

    /// <summary>The descriptor of <see cref="Ours"/>.</summary>
    public int Descriptor => (int)Ours.Handle;

    /// <summary>The peer reads until it has that many bytes.</summary>
    public long Drain(long atLeast)
    {
        var bytes = new byte[64 * 1024];
        var total = 0L;
        while (total < atLeast)
        {
            total += Theirs.Receive(bytes);
        }

        return total;
    }

    public void Dispose()
    {
        Ours.Dispose();
        Theirs.Dispose();
    }
}
