using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using Proxy.Transport.Loops;

namespace Proxy.Transport.Sockets;

/// <summary>
/// The transport over <see cref="Socket"/>: works wherever .NET does. Readiness is waited for by the runtime's own threads and handed to the
/// event loop; all reading, writing and every event happens on the loop.
/// </summary>
internal sealed class SocketTransport : ITransport
{
    /// <inheritdoc/>
    public string Name => "socket";

    /// <inheritdoc/>
    public ChannelOption<bool>? UnpromisedWrites => null;

    /// <inheritdoc/>
    public IEventLoopGroup NewEventLoopGroup(int threads) => new LoopGroup(threads, static (group, name) => new SocketEventLoop(group, name));

    /// <inheritdoc/>
    public IChannel NewSocketChannel(EndPoint remote) => new SocketChannel(NewSocket(remote));

    /// <inheritdoc/>
    public IServerChannel NewServerChannel(EndPoint local)
    {
        if (local is DnsEndPoint)
        {
            throw new ArgumentException($"the host name of {local} must be resolved before listening", nameof(local));
        }

        var socket = NewSocket(local);
        if (local is IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } address && address.Address.Equals(IPAddress.IPv6Any))
        {
            // "::" takes IPv4 clients too, as a plain bind(2) does by the default of net.ipv6.bindv6only.
            socket.DualMode = true;
        }

        return new SocketServerChannel(socket);
    }

    private static Socket NewSocket(EndPoint address) => address switch
    {
        IPEndPoint ip => new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp),
        UnixDomainSocketEndPoint => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
        // Without a family: IPv6 that also reaches IPv4 addresses, whatever the name turns out to be.
        DnsEndPoint => new Socket(SocketType.Stream, ProtocolType.Tcp),
        _ => throw new ArgumentException($"no stream socket for an address of type {address.GetType().Name}", nameof(address)),
    };
}
