namespace Proxy.Core.Model;

/// <summary>How a log line is written.</summary>
internal enum LogFormat
{
    /// <summary>For people: time, level, place, text.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
