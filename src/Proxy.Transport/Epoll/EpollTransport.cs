using System.Net;
using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;
using Proxy.Transport.Loops;
using Proxy.Transport.Native;

namespace Proxy.Transport.Epoll;

/// <summary>The transport over epoll, for every Linux.</summary>
internal sealed class EpollTransport : ITransport
{
    private readonly SystemCalls _calls;

    /// <summary>On the system as it is.</summary>
    public EpollTransport()
        : this(SystemCalls.Default)
    {
    }

    /// <param name="calls">The system, or one that misbehaves.</param>
    public EpollTransport(SystemCalls calls)
    {
        _calls = calls;
    }

    /// <inheritdoc/>
    public string Name => "epoll";

    /// <inheritdoc/>
    public ChannelOption<bool>? UnpromisedWrites => StreamConfiguration.UnpromisedWritesOption;

    /// <inheritdoc/>
    public IEventLoopGroup NewEventLoopGroup(int threads) => new LoopGroup(threads, (group, name) => new EpollEventLoop(group, name, _calls));

    /// <inheritdoc/>
    public IChannel NewSocketChannel(EndPoint remote) => new EpollSocketChannel(remote, _calls);

    /// <inheritdoc/>
    public IServerChannel NewServerChannel(EndPoint local) => new EpollServerChannel(local, _calls);
}
