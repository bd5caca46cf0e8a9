using Microsoft.Extensions.Logging;
using Proxy.Core;
using Proxy.Core.Model;
using Proxy.Transport;
using Proxy.Transport.IoUring;
using Kind = Proxy.Transport.TransportKind;

namespace Proxy.Host.Serving;

/// <summary>The transport that the process runs on, from what the user asked for.</summary>
internal static partial class ProcessTransport
{
    /// <summary>Chooses it and says so in the log.</summary>
    /// <exception cref="ProxyStartException">The user named one that does not work here.</exception>
    public static ChannelTransport Open(ProcessModel process, ILoggerFactory loggers)
    {
        try
        {
            var (transport, reason) = TransportSelector.Choose(KindOf(process.Transport), new IoUringOptions(process.IoUringWait, process.IoUringWaitReads));
            Log.Chosen(loggers.CreateLogger(typeof(ProcessTransport).FullName!), reason);
            return new ChannelTransport(
                transport.Name, transport.NewEventLoopGroup, transport.NewSocketChannel, transport.NewServerChannel, transport.UnpromisedWrites);
        }
        catch (PlatformNotSupportedException unavailable)
        {
            throw new ProxyStartException(unavailable.Message, unavailable);
        }
    }

    private static Kind KindOf(Proxy.Core.Model.TransportKind asked) => asked switch
    {
        Proxy.Core.Model.TransportKind.IoUring => Kind.IoUring,
        Proxy.Core.Model.TransportKind.Epoll => Kind.Epoll,
        Proxy.Core.Model.TransportKind.Socket => Kind.Socket,
        _ => Kind.Auto,
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Choice}")]
        public static partial void Chosen(ILogger logger, string choice);
    }
}
