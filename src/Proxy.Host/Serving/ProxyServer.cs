using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

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
        var listeners = new List<Socket>();
        try
        {
            foreach (var pool in options.Model.Pools)
            {
                var endPoint = pool.Listen.EndPoint;
                var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
                listeners.Add(listener);
                listener.Bind(endPoint);
                listener.Listen(pool.Backlog);
            }
            options.OnReady();
            await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        }
        catch (SocketException failure)
        {
            await Console.Error.WriteLineAsync($"redis-proxy: {failure.Message}");
            return 1;
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
