using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;
using Proxy.Host.Logging;

namespace Proxy.Host.Tests.Logging;

/// <summary>Events to log, and their lines.</summary>
internal static class LogEvents
{
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 14, 27, 11, 535, TimeSpan.FromHours(2));

    public static string Line(
        ILogLineFormat format,
        string message,
        LogLevel level = LogLevel.Information,
        Exception? exception = null,
        int ownFields = 0,
        params (string, object?)[] fields)
    {
        var output = new ArrayBufferWriter<byte>();
        var named = fields.Select(field => KeyValuePair.Create(field.Item1, field.Item2)).ToList();
        format.Write(new LogEvent(Time, level, "Proxy.Core.Topology.ControlLoop", "ServerDown", message, exception, named, ownFields), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
