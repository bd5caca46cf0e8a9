using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Proxy.Core;
using Proxy.Transport;

namespace Proxy.Host.Serving;

/// <summary>Serves until it is told to stop.</summary>
internal static class ProxyServer
{
    /// <summary>Binds the listeners and serves until SIGTERM or SIGINT or cancellation.</summary>
    /// <returns>The exit code: 0 after an orderly end, 1 when the start failed, with the reason on standard error.</returns>
    public static async Task<int> RunAsync(ServeOptions options, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        var transport = TransportSelector.Choose(Proxy.Transport.TransportKind.Auto).Transport;
        var channels = new ChannelTransport(transport.Name, transport.NewEventLoopGroup, transport.NewSocketChannel, transport.NewServerChannel);
        await using var proxy = new ProxyInstance(options.Model, channels, "0.1.0", NullLoggerFactory.Instance);
        try
        {
            await proxy.StartAsync().ConfigureAwait(false);
            options.OnReady();
            await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await proxy.DrainAsync(options.Model.Process.DrainTimeout).ConfigureAwait(false);
            return 0;
        }
        catch (ProxyStartException failure)
        {
            await Console.Error.WriteLineAsync($"redis-proxy: {failure.Message}");
            return 1;
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
