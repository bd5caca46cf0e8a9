using Microsoft.Extensions.Logging;
using Proxy.Host.Logging;

namespace Proxy.Host.Serving;

/// <summary>Puts exceptions that nobody caught into the log. One on a thread ends the process; one in a task does not.</summary>
internal sealed partial class CrashLog : IDisposable
{
    private readonly ProxyLog _log;
    private readonly ILogger _logger;

    /// <summary>Begins to listen for them.</summary>
    public CrashLog(ProxyLog log)
    {
        _log = log;
        _logger = log.Factory.CreateLogger<CrashLog>();
        AppDomain.CurrentDomain.UnhandledException += OnCrash;
        TaskScheduler.UnobservedTaskException += OnUnobserved;
    }

    /// <summary>Listens no more.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= OnCrash;
        TaskScheduler.UnobservedTaskException -= OnUnobserved;
    }

    private void OnCrash(object sender, UnhandledExceptionEventArgs crash)
    {
        Log.Crashed(_logger, crash.ExceptionObject as Exception);
        if (crash.IsTerminating)
        {
            // The process ends when this returns: what is in the queue has to be written now.
            _log.Dispose();
        }
    }

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs failed) => Log.Unobserved(_logger, failed.Exception);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "crashed by an exception that nobody caught")]
        public static partial void Crashed(ILogger logger, Exception? crash);

        [LoggerMessage(LogLevel.Error, "an exception in a task that nobody waited for")]
        public static partial void Unobserved(ILogger logger, Exception failure);
    }
}
