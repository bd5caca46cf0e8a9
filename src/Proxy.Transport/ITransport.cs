using System.Net;
using DotNetty.Transport.Channels;

namespace Proxy.Transport;

/// <summary>
/// A way to move bytes: makes event loops and the channels that run on them. Channels of one transport belong on loops of the same transport.
/// </summary>
internal interface ITransport
{
    /// <summary>The word that the configuration uses for this transport.</summary>
    public string Name { get; }

    /// <summary>The option of its channels whose owner wants no promises of its writes; null if it has none.</summary>
    public ChannelOption<bool>? UnpromisedWrites { get; }

    /// <summary>Starts <paramref name="threads"/> event loops, one thread each. The caller shuts the group down.</summary>
    public IEventLoopGroup NewEventLoopGroup(int threads);

    /// <summary>
    /// An unconnected channel fit for <paramref name="remote"/>: an IP address (either family) or a Unix socket. A host name also works (the
    /// bootstrap resolves it), but the caller does better to resolve it first.
    /// </summary>
    public IChannel NewSocketChannel(EndPoint remote);

    /// <summary>An unbound listening channel fit for <paramref name="local"/>: an IP address (either family) or a Unix socket.</summary>
    /// <exception cref="ArgumentException"><paramref name="local"/> is neither; a host name must be resolved first.</exception>
    public IServerChannel NewServerChannel(EndPoint local);
}
