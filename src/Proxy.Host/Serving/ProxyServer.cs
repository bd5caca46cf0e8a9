using System.Runtime.InteropServices;
using System.Threading.Channels;
using DotNetty.Common.Internal.Logging;
using Microsoft.Extensions.Logging;
using Proxy.Core;
using Proxy.Core.Model;
using Proxy.Host.Admin;
using Proxy.Host.Logging;
using Proxy.Host.Signals;
using Proxy.Host.Statistics;

namespace Proxy.Host.Serving;

/// <summary>Puts the process together: log, proxy, endpoints for those who operate it; then serves until it is told to stop.</summary>
internal static partial class ProxyServer
{
    /// <summary>Binds the listeners and serves until SIGTERM or SIGINT or cancellation.</summary>
    /// <returns>The exit code: 0 after an orderly end, 1 when the start failed, with the reason on standard error.</returns>
    public static async Task<int> RunAsync(ServeOptions options, CancellationToken cancellation)
    {
        using var signals = new SignalQueue();
        return await RunAsync(options, CreateProxy, signals.Reader, TimeProvider.System, cancellation);
    }

    /// <summary>The same with a proxy and signals of the caller's.</summary>
    internal static async Task<int> RunAsync(
        ServeOptions options, ProxyFactory createProxy, ChannelReader<ProcessSignal> signals, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            using var log = new ProxyLog(options.Model.Process.Log, clock);
            using var crashes = new CrashLog(log);
            InternalLoggerFactory.DefaultFactory = log.Factory;
            return await RunAsync(options, createProxy, signals, clock, log, cancellation);
        }
        catch (IOException failure)
        {
            await Console.Error.WriteLineAsync($"redis-proxy: cannot open the log '{options.Model.Process.Log.File}': {failure.Message}");
            return 1;
        }
    }

    private static ProxyInstance CreateProxy(ProxyModel model, ILoggerFactory loggers) =>
        new(model, ProcessTransport.Open(model.Process, loggers), StatisticsReport.Version, loggers);

    private static async Task<int> RunAsync(
        ServeOptions options, ProxyFactory createProxy, ChannelReader<ProcessSignal> signals, TimeProvider clock, ProxyLog log, CancellationToken cancellation)
    {
        var logger = log.Factory.CreateLogger(typeof(ProxyServer).FullName!);
        var process = options.Model.Process;
        Log.Starting(logger, StatisticsReport.Version, RuntimeInformation.FrameworkDescription, Environment.ProcessId, options.ConfigPath, process.Threads);
        foreach (var warning in options.Warnings)
        {
            Log.ConfigWarning(logger, warning);
        }

        var readiness = new Readiness();
        var reloads = new ReloadStatistics();
        IProxy proxy;
        try
        {
            proxy = createProxy(options.Model, log.Factory);
        }
        catch (Exception failure)
        {
            await FailAsync(logger, options, failure);
            return 1;
        }

        await using var disposal = proxy;
        OperationsEndpoints? endpoints = null;
        try
        {
            // The endpoints come first: they say that the process is starting, and whoever finds a pool's address open finds them, too.
            endpoints = await OperationsEndpoints.StartAsync(process, proxy, readiness, reloads, clock, log.Factory);
            await proxy.StartAsync();
            options.OnReady();
        }
        catch (Exception failure)
        {
            await FailAsync(logger, options, failure);
            await using (endpoints)
            {
                return 1;
            }
        }

        await using (endpoints)
        {
            reloads.Loaded(clock.GetUtcNow());
            readiness.Ready();
            foreach (var pool in options.Model.Pools)
            {
                Log.Listening(logger, pool.Name, pool.Listen.Text);
            }

            using var keeper = HeapKeeper.Start(clock);
            await new ServingLoop(proxy, new Reloader(options, proxy, reloads, log, clock), readiness, log).RunAsync(signals, cancellation);
            return 0;
        }
    }

    private static async Task FailAsync(ILogger logger, ServeOptions options, Exception failure)
    {
        var isExpected = failure is ProxyStartException or IOException or UnauthorizedAccessException;
        var reason = isExpected ? failure.Message : failure.ToString();

        // Whoever starts a program looks at its standard error; where that is the log, once is enough.
        if (options.Model.Process.Log.File != null)
        {
            Log.StartFailed(logger, reason);
        }

        await Console.Error.WriteLineAsync($"redis-proxy: {reason}");
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "starting: redis-proxy {Version} on {Runtime}, process {Pid}, configuration {File}, {Threads} threads")]
        public static partial void Starting(ILogger logger, string version, string runtime, int pid, string file, int threads);

        [LoggerMessage(LogLevel.Warning, "{Problem}")]
        public static partial void ConfigWarning(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Information, "listening: pool {Pool} on {Address}")]
        public static partial void Listening(ILogger logger, string pool, string address);

        [LoggerMessage(LogLevel.Critical, "start failed: {Reason}")]
        public static partial void StartFailed(ILogger logger, string reason);
    }
}
