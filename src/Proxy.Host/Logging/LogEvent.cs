using Microsoft.Extensions.Logging;

namespace Proxy.Host.Logging;

/// <summary>One thing to log.</summary>
/// <param name="Time">When it happened (UTC).</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Category">Who says it: the full name of a type.</param>
/// <param name="Name">Name of the event, or null.</param>
/// <param name="Message">What happened, with all values in it.</param>
/// <param name="Exception">The cause, or null.</param>
/// <param name="Fields">Values with their names, first those of the event, then those of its scopes.</param>
/// <param name="OwnFields">How many of <paramref name="Fields"/> are the event's own, and so stand in its message.</param>
internal readonly record struct LogEvent(
    DateTimeOffset Time,
    LogLevel Level,
    string Category,
    string? Name,
    string Message,
    Exception? Exception,
    IReadOnlyList<KeyValuePair<string, object?>> Fields,
    int OwnFields);
