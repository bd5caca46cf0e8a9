using System.Net.Sockets;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using Proxy.Core.Metrics;

namespace Proxy.Core.Clients;

/// <summary>Turns the channel's events into calls on the client's connection.</summary>
internal sealed class ClientHandler : ChannelHandlerAdapter
{
    private readonly ClientConnection _client;

    public ClientHandler(ClientConnection client)
    {
        _client = client;
    }

    /// <inheritdoc/>
    public override void ChannelActive(IChannelHandlerContext context) => _client.OnActive();

    /// <inheritdoc/>
    public override void ChannelInactive(IChannelHandlerContext context) => _client.OnInactive();

    /// <inheritdoc/>
    public override void ChannelWritabilityChanged(IChannelHandlerContext context)
    {
        if (context.Channel.IsWritable)
        {
            _client.MarkDirty();
        }
    }

    /// <inheritdoc/>
    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        if (evt is ChannelInputShutdownEvent)
        {
            _client.OnInputClosed();
        }
    }

    /// <inheritdoc/>
    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) =>
        _client.OnException(exception is SocketException ? ClientCloseReason.Reset : ClientCloseReason.Error, exception);
}
