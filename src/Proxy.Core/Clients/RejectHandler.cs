using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Proxy.Core.Workers;

namespace Proxy.Core.Clients;

/// <summary>Turns a client away with one line, as Redis does when it has too many.</summary>
internal sealed class RejectHandler : ChannelHandlerAdapter
{
    private readonly byte[] _line;

    /// <param name="line">The whole error line.</param>
    public RejectHandler(ReadOnlySpan<byte> line)
    {
        _line = line.ToArray();
    }

    /// <inheritdoc/>
    public override void ChannelActive(IChannelHandlerContext context)
    {
        context.Channel.Configuration.AutoRead = false;
        context.WriteAndFlushAsync(Unpooled.WrappedBuffer(_line)).ContinueWith(
            static (sent, state) =>
            {
                ChannelWriter.Forget(sent);
                ((IChannelHandlerContext)state!).CloseAsync();
            },
            context,
            TaskContinuationOptions.ExecuteSynchronously);
    }

    /// <inheritdoc/>
    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => context.CloseAsync();
}
