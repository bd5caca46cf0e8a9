using System.Net.Sockets;

namespace Proxy.Transport.IoUring;

/// <summary>Connected Unix sockets to try operations on.</summary>
internal sealed class ProbeSockets : IDisposable
{
    /// <summary>Listens, and has one connection to accept.</summary>
    public ProbeSockets()
    {
        Listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Listener.Bind(new UnixDomainSocketEndPoint($"\0redis-proxy-probe-{Guid.NewGuid():n}"));
        Listener.Listen();
        Client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Client.Connect(Listener.LocalEndPoint!);
    }

    /// <summary>The listener.</summary>
    public Socket Listener { get; }

    /// <summary>Connected to it.</summary>
    public Socket Client { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        Listener.Dispose();
    }
}
