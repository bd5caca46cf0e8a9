using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Proxy.Host.Logging;

/// <summary>Makes loggers that write lines of one format into one queue.</summary>
internal sealed class ProxyLoggerProvider(ILogLineFormat format, Verbosity verbosity, LogQueue queue, TimeProvider clock) : ILoggerProvider
{
    /// <summary>How much is logged.</summary>
    public Verbosity Verbosity => verbosity;

    /// <summary>The scopes of the current flow of execution.</summary>
    public IExternalScopeProvider Scopes { get; } = new LoggerExternalScopeProvider();

    /// <summary>The time for an event that happens now.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>An event as a line.</summary>
    public static byte[] Line(ILogLineFormat format, in LogEvent logged)
    {
        var line = new ArrayBufferWriter<byte>(256);
        format.Write(logged, line);
        return line.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new ProxyLogger(categoryName, Floor(categoryName), this);

    /// <summary>Puts an event into the queue.</summary>
    public void Write(in LogEvent logged) => queue.Add(Line(format, logged));

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // What libraries say at less than a warning is about themselves.
    private static LogLevel Floor(string category) =>
        category.StartsWith("Microsoft.", StringComparison.Ordinal) || category.StartsWith("DotNetty.", StringComparison.Ordinal)
            ? LogLevel.Warning
            : LogLevel.Trace;
}
