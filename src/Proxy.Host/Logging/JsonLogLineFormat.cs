using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Proxy.Host.Logging;

/// <summary>
/// One JSON object a line: <c>ts</c> (RFC 3339, UTC, ms), <c>level</c>, <c>logger</c>, <c>event</c>, <c>msg</c>, the fields such as <c>pool</c> and
/// <c>server</c>, <c>err</c> for an exception.
/// </summary>
internal sealed class JsonLogLineFormat : ILogLineFormat
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // Written by this class itself; a field of such a name would be there twice.
    private static readonly HashSet<string> Reserved = ["ts", "level", "logger", "event", "msg", "err"];

    /// <inheritdoc/>
    public void Write(in LogEvent logged, IBufferWriter<byte> output)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("ts", logged.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", LevelText(logged.Level));
            json.WriteString("logger", LogFieldNames.Category(logged.Category));
            if (logged.Name != null)
            {
                json.WriteString("event", logged.Name);
            }

            json.WriteString("msg", logged.Message);
            WriteFields(json, logged.Fields);
            if (logged.Exception != null)
            {
                json.WriteString("err", logged.Exception.ToString());
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> fields)
    {
        var written = new HashSet<string>(Reserved);
        foreach (var (placeholder, value) in fields)
        {
            // The event's own fields come first, so an inner value stands over one of the scope around it.
            var name = LogFieldNames.Field(placeholder);
            if (!written.Add(name))
            {
                continue;
            }

            json.WritePropertyName(name);
            WriteValue(json, value);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case TimeSpan time:
                json.WriteNumberValue(time.TotalSeconds);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string LevelText(LogLevel level) => level switch
    {
        LogLevel.Critical => "critical",
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        LogLevel.Debug => "debug",
        _ => "trace",
    };
}
