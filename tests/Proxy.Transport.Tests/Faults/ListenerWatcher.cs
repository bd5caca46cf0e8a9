using System.Collections.Concurrent;
using DotNetty.Transport.Channels;

namespace Proxy.Transport.Tests.Faults;

/// <summary>The handler of a listener under test: keeps what it is told of failures.</summary>
internal sealed class ListenerWatcher : ChannelHandlerAdapter
{
    public ConcurrentQueue<Exception> Failures { get; } = new();

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => Failures.Enqueue(exception);
}
