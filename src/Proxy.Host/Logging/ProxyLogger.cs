using Microsoft.Extensions.Logging;

namespace Proxy.Host.Logging;

/// <summary>The logger of one category: formats at once, on the thread that logs, and hands the line on.</summary>
internal sealed class ProxyLogger(string category, LogLevel floor, ProxyLoggerProvider provider) : ILogger
{
    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= floor && logLevel >= provider.Verbosity.Level;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.Scopes.Push(state);

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var fields = new List<KeyValuePair<string, object?>>();
        AddFields(fields, state);
        var own = fields.Count;
        provider.Scopes.ForEachScope(static (scope, into) => AddFields(into, scope), fields);
        provider.Write(new LogEvent(provider.Now, logLevel, category, eventId.Name, formatter(state, exception), exception, fields, own));
    }

    private static void AddFields<TState>(List<KeyValuePair<string, object?>> into, TState state)
    {
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            // The template is the message again, without the values.
            into.AddRange(values.Where(value => value.Key != "{OriginalFormat}"));
        }
    }
}
