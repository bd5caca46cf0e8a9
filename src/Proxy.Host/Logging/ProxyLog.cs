using Microsoft.Extensions.Logging;
using Proxy.Core.Model;

namespace Proxy.Host.Logging;

/// <summary>The log of the process: where it goes, how much it says, and the factory that everything takes its loggers from.</summary>
internal sealed class ProxyLog : IDisposable
{
    private readonly LogQueue _queue;
    private readonly LoggerFactory _factory;

    /// <summary>Opens the log.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public ProxyLog(LogModel model, TimeProvider clock)
        : this(model, model.File == null ? new StandardErrorLog() : new LogFile(model.File), clock)
    {
    }

    /// <summary>A log that goes to a sink, which it owns.</summary>
    internal ProxyLog(LogModel model, ILogSink sink, TimeProvider clock)
    {
        ILogLineFormat format = model.Format == LogFormat.Json ? new JsonLogLineFormat() : new TextLogLineFormat();
        Verbosity = new Verbosity(model.Verbosity);
        _queue = new LogQueue(sink, text => ProxyLoggerProvider.Line(format, Warning(text, clock)));
        var provider = new ProxyLoggerProvider(format, Verbosity, _queue, clock);
        _factory = new LoggerFactory([provider], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
    }

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory Factory => _factory;

    /// <summary>How much is logged; may be changed at any time.</summary>
    public Verbosity Verbosity { get; }

    /// <summary>Goes on in a new file of the same name, after a rotation.</summary>
    public void Reopen() => _queue.Reopen();

    /// <summary>Writes what is still to be written, and closes the log.</summary>
    public void Dispose()
    {
        _factory.Dispose();
        _queue.Dispose();
    }

    private static LogEvent Warning(string text, TimeProvider clock) =>
        new(clock.GetUtcNow(), LogLevel.Warning, typeof(ProxyLog).FullName!, null, text, null, [], 0);
}
