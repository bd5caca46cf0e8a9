using System.Net;
using DotNetty.Transport.Channels;

namespace Proxy.Core;

/// <summary>
/// The seam to the sockets: what Core needs of a DotNetty transport. Host chooses one; Core does not know which.
/// </summary>
/// <param name="Name">For the log and INFO, such as <c>socket</c> or <c>epoll</c>.</param>
/// <param name="NewEventLoopGroup">Makes a group with that many loops, one thread each.</param>
/// <param name="NewSocketChannel">Makes an unconnected channel for that kind of remote address (IP or Unix socket).</param>
/// <param name="NewServerChannel">Makes an unbound listening channel for that kind of local address.</param>
/// <param name="UnpromisedWrites">
/// The option with which a write's task is complete when the channel has taken the message; that it cannot be sent is told by the
/// channel's end alone. Null when the transport has no such option.
/// </param>
internal sealed record ChannelTransport(
    string Name,
    Func<int, IEventLoopGroup> NewEventLoopGroup,
    Func<EndPoint, IChannel> NewSocketChannel,
    Func<EndPoint, IServerChannel> NewServerChannel,
    ChannelOption<bool>? UnpromisedWrites = null);
