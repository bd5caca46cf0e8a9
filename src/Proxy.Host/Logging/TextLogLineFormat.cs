using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Proxy.Host.Logging;

/// <summary>Lines for people: <c>2026-11-22T12:27:11.535Z warn  Topology.Health: server shard1 of pool sessions is down: Connection refused</c>.</summary>
internal sealed class TextLogLineFormat : ILogLineFormat
{
    /// <inheritdoc/>
    public void Write(in LogEvent logged, IBufferWriter<byte> output)
    {
        var line = new StringBuilder(160);
        line.Append(logged.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        line.Append(' ').Append(LevelText(logged.Level)).Append(' ');
        line.Append(LogFieldNames.Category(logged.Category)).Append(": ");
        AppendEscaped(line, logged.Message);
        for (var i = logged.OwnFields; i < logged.Fields.Count; i++)
        {
            line.Append(' ').Append(LogFieldNames.Field(logged.Fields[i].Key)).Append('=');
            AppendEscaped(line, Convert.ToString(logged.Fields[i].Value, CultureInfo.InvariantCulture) ?? "");
        }

        if (logged.Exception != null)
        {
            line.Append(" | ");
            AppendEscaped(line, logged.Exception.ToString());
        }

        line.Append('\n');
        foreach (var chunk in line.GetChunks())
        {
            Encoding.UTF8.GetBytes(chunk.Span, output);
        }
    }

    // All of one width, so that the texts stand below each other.
    private static string LevelText(LogLevel level) => level switch
    {
        LogLevel.Critical => "crit ",
        LogLevel.Error => "error",
        LogLevel.Warning => "warn ",
        LogLevel.Information => "info ",
        LogLevel.Debug => "debug",
        _ => "trace",
    };

    // Names may come from a peer: whatever they hold, it cannot begin a line of its own or move a terminal's cursor.
    private static void AppendEscaped(StringBuilder line, string text)
    {
        foreach (var letter in text)
        {
            switch (letter)
            {
                case '\n':
                    line.Append("\\n");
                    break;
                case '\r':
                    line.Append("\\r");
                    break;
                case '\t':
                    line.Append("\\t");
                    break;
                case var _ when char.IsControl(letter) || letter is '\u2028' or '\u2029':
                    line.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
                    break;
                default:
                    line.Append(letter);
                    break;
            }
        }
    }
}
