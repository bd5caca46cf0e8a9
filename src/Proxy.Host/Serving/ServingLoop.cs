using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Proxy.Core;
using Proxy.Host.Admin;
using Proxy.Host.Logging;
using Proxy.Host.Signals;

namespace Proxy.Host.Serving;

/// <summary>What the process does while its proxy runs: acts upon one signal after the other until one of them ends it.</summary>
internal sealed partial class ServingLoop(IProxy proxy, Reloader reloader, Readiness readiness, ProxyLog log)
{
    // The proxy closes what is left when its time is over, and needs a moment for that.
    private static readonly TimeSpan DrainGrace = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = log.Factory.CreateLogger<ServingLoop>();

    /// <summary>Returns when the proxy has drained, or was told a second time to stop.</summary>
    /// <param name="signals">The signals.</param>
    /// <param name="cancellation">Has the effect of SIGTERM.</param>
    public async Task RunAsync(ChannelReader<ProcessSignal> signals, CancellationToken cancellation)
    {
        await StopSignalAsync(signals, reload: true, cancellation);
        readiness.Draining();
        var timeout = reloader.Model.Process.DrainTimeout;
        Log.Draining(_logger, timeout.TotalSeconds);

        using var ended = new CancellationTokenSource();
        var drain = DrainAsync(timeout);
        var secondStop = StopSignalAsync(signals, reload: false, ended.Token);
        if (await Task.WhenAny(drain, secondStop) == drain)
        {
            await ended.CancelAsync();
            Log.Ended(_logger);
        }
        else
        {
            Log.EndedAtOnce(_logger);
        }
    }

    private async Task DrainAsync(TimeSpan timeout)
    {
        try
        {
            await proxy.DrainAsync(timeout).WaitAsync(timeout + DrainGrace);
        }
        catch (Exception failure)
        {
            Log.DrainFailed(_logger, failure);
        }
    }

    private async Task StopSignalAsync(ChannelReader<ProcessSignal> signals, bool reload, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var signal = await signals.ReadAsync(cancellation);
                if (signal is ProcessSignal.Terminate or ProcessSignal.Interrupt)
                {
                    return;
                }

                await ActAsync(signal, reload);
            }
        }
        catch (OperationCanceledException)
        {
            // As if told to stop.
        }
    }

    private async Task ActAsync(ProcessSignal signal, bool reload)
    {
        switch (signal)
        {
            case ProcessSignal.Hangup:
                log.Reopen();
                if (reload)
                {
                    await reloader.ReloadAsync();
                }

                break;
            case ProcessSignal.LogMore:
                log.Verbosity.Raise();
                Log.VerbosityChanged(_logger, log.Verbosity.Number, log.Verbosity.Level);
                break;
            case ProcessSignal.LogLess:
                log.Verbosity.Lower();
                Log.VerbosityChanged(_logger, log.Verbosity.Number, log.Verbosity.Level);
                break;
            default:
                Log.Ignored(_logger, signal == ProcessSignal.User1 ? "SIGUSR1" : "SIGUSR2");
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "draining: no new clients, at most {Seconds} s for what is in flight")]
        public static partial void Draining(ILogger logger, double seconds);

        [LoggerMessage(LogLevel.Error, "draining failed")]
        public static partial void DrainFailed(ILogger logger, Exception failure);

        [LoggerMessage(LogLevel.Information, "ended")]
        public static partial void Ended(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "ended at once: told to stop a second time")]
        public static partial void EndedAtOnce(ILogger logger);

        [LoggerMessage(LogLevel.Information, "log verbosity is {Verbosity} now: {Level}")]
        public static partial void VerbosityChanged(ILogger logger, int verbosity, LogLevel level);

        [LoggerMessage(LogLevel.Information, "signal ignored: {Signal}")]
        public static partial void Ignored(ILogger logger, string signal);
    }
}
