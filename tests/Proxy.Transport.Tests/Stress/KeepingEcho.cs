using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Proxy.Transport.Tests.Stress;

/// <summary>Sends back what comes, some of it only after it has kept it for a while, and in order.</summary>
internal sealed class KeepingEcho : ChannelHandlerAdapter
{
    private readonly Queue<IByteBuffer> _kept = new();
    private int _reads;

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        _kept.Enqueue((IByteBuffer)message);
        if (++_reads % 5 == 0)
        {
            SendKept(context);
        }
    }

    public override void ChannelReadComplete(IChannelHandlerContext context)
    {
        if (_kept.Count > 8)
        {
            SendKept(context);
        }
        else if (_kept.Count > 0)
        {
            context.Channel.EventLoop.Execute(() => SendKept(context));
        }

        context.FireChannelReadComplete();
    }

    public override void ChannelInactive(IChannelHandlerContext context)
    {
        while (_kept.TryDequeue(out var buffer))
        {
            buffer.Release();
        }
    }

    public override void ChannelWritabilityChanged(IChannelHandlerContext context) =>
        context.Channel.Configuration.AutoRead = context.Channel.IsWritable;

    private void SendKept(IChannelHandlerContext context)
    {
        while (_kept.TryDequeue(out var buffer))
        {
            context.WriteAsync(buffer);
        }

        context.Flush();
    }
}
