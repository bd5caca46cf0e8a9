using System.Buffers;
using System.Globalization;
using System.Text;

namespace Proxy.Host.CommandLine;

/// <summary>
/// Keys for people and for scripts: a key of printable UTF-8 stands as it is; any other, and one that begins with a quote, stands in quotes
/// as redis-cli writes it, <c>"a\x00b\n"</c>. So every line is one line, and no two keys look the same.
/// </summary>
internal static class KeyText
{
    /// <summary>The key as text.</summary>
    public static string Of(ReadOnlySpan<byte> key)
    {
        var quoted = new StringBuilder("\"");
        var isPlain = !key.StartsWith("\""u8);
        var rest = key;
        while (rest.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var length);
            var isText = status == OperationStatus.Done && IsPrintable(rune);
            if (isText)
            {
                quoted.Append(rune.Value is '"' or '\\' ? "\\" : "").Append(rune.ToString());
            }
            else
            {
                AppendEscaped(quoted, rest[..length]);
                isPlain = false;
            }
            rest = rest[length..];
        }
        return isPlain ? Encoding.UTF8.GetString(key) : quoted.Append('"').ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static void AppendEscaped(StringBuilder quoted, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            quoted.Append(value switch
            {
                (byte)'\n' => "\\n",
                (byte)'\r' => "\\r",
                (byte)'\t' => "\\t",
                _ => $"\\x{value:x2}",
            });
        }
    }
}
