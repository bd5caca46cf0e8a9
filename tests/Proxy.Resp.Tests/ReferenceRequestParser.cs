using System.Text.RegularExpressions;

namespace Proxy.Resp.Tests;

/// <summary>
/// The rules for requests once more, slow and plain, on a whole text at once: what the scanner is compared with. Default limits, an
/// authenticated client, lines far below 64 KB.
/// </summary>
internal static class ReferenceRequestParser
{
    private const string Prefix = "-ERR Protocol error: ";

    /// <summary>The transcript that <see cref="RequestTranscript"/> must write for these bytes.</summary>
    public static string[] Parse(string text)
    {
        var lines = new List<string>();
        while (text.Length > 0)
        {
            var (outcome, length) = text[0] == '*' ? ParseArray(text) : ParseInline(text);
            if (outcome is not null)
            {
                lines.Add(outcome);
            }

            if (length == 0)
            {
                break;
            }

            text = text[length..];
        }

        return [.. lines];
    }

    private static (string? Outcome, int Length) ParseArray(string text)
    {
        if (!TryLine(text, 0, out var count, out var next))
        {
            return count is null ? ("…", 0) : (Prefix + "invalid multibulk length", 0);
        }

        if (!TryNumber(count, 1024 * 1024, out var remaining))
        {
            return (Prefix + "invalid multibulk length", 0);
        }

        var arguments = new List<string>();
        for (; remaining > 0; remaining--)
        {
            var whole = TryLine(text, next, out var header, out var payload);
            if (header is null)
            {
                return ("…", 0);
            }

            if (text[next] != '$')
            {
                return ($"{Prefix}expected '$', got '{(text[next] is '\r' or '\n' or '\0' ? ' ' : text[next])}'", 0);
            }

            if (!whole || !TryNumber(header, 512 * 1024 * 1024, out var length) || length < 0)
            {
                return (Prefix + "invalid bulk length", 0);
            }

            var end = text[payload..].Length <= length ? "" : text.Substring(payload + (int)length, Math.Min(2, text.Length - payload - (int)length));
            if (end is "" or "\r")
            {
                return ("…", 0);
            }

            if (end != "\r\n")
            {
                return (Prefix + "expected CRLF", 0);
            }

            arguments.Add(text.Substring(payload, (int)length));
            next = payload + (int)length + 2;
        }

        return arguments.Count == 0 ? (null, next) : Finish(arguments, next);
    }

    private static (string? Outcome, int Length) ParseInline(string text)
    {
        if (text.StartsWith("\x16\x03", StringComparison.Ordinal))
        {
            return ("closed", 0);
        }

        var newline = text.IndexOf('\n');
        if (newline < 0)
        {
            return ("…", 0);
        }

        var line = text[..newline];
        if (line.Contains('\0'))
        {
            return (Prefix + "NUL byte in inline request", 0);
        }

        if (line.EndsWith('\r'))
        {
            line = line[..^1];
        }

        const string Word = """(?<plain>[^ \n\r\t"']*)(?:"(?<double>(?:\\x[0-9a-fA-F]{2}|\\.|[^"\\])*)"(?=[ \t-\r]|$)|'(?<single>(?:\\'|[^'])*)'(?=[ \t-\r]|$)|(?=[ \n\r\t]|$))""";
        var arguments = new List<string>();
        var rest = line.TrimStart(' ', '\t', '\n', '\v', '\f', '\r');
        while (rest.Length > 0)
        {
            var match = Regex.Match(rest, "^(?>" + Word + ")", RegexOptions.Singleline);
            if (!match.Success)
            {
                return (Prefix + "unbalanced quotes in request", 0);
            }

            arguments.Add(match.Groups["plain"].Value + Unescape(match.Groups["double"].Value) + match.Groups["single"].Value.Replace("\\'", "'", StringComparison.Ordinal));
            rest = rest[match.Length..].TrimStart(' ', '\t', '\n', '\v', '\f', '\r');
        }

        return arguments.Count == 0 ? (null, newline + 1) : Finish(arguments, newline + 1);
    }

    private static (string Outcome, int Length) Finish(List<string> arguments, int length) =>
        arguments[0].Split('\0')[0].ToUpperInvariant() is "POST" or "HOST:" ? ("closed", 0) : (string.Join('|', arguments), length);

    /// <summary>The text between the first byte of a line and its CRLF; null when the end is not there, false also when it is not CRLF.</summary>
    private static bool TryLine(string text, int start, out string? line, out int next)
    {
        line = null;
        next = 0;
        var end = text.IndexOfAny(['\r', '\n'], start);
        if (end < 0 || (text[end] == '\r' && end + 1 == text.Length))
        {
            return false;
        }

        line = end == start ? "" : text[(start + 1)..end];
        next = end + 2;
        return text[end] == '\r' && text[end + 1] == '\n';
    }

    private static bool TryNumber(string? text, long most, out long value)
    {
        value = 0;
        return Regex.IsMatch(text!, @"\A(0|-?[1-9][0-9]*)\z") && long.TryParse(text, out value) && value <= most;
    }

    private static string Unescape(string text) => Regex.Replace(text, @"\\(x[0-9a-fA-F]{2}|.)", match => match.Groups[1].Value switch
    {
        "n" => "\n",
        "r" => "\r",
        "t" => "\t",
        "b" => "\b",
        "a" => "\a",
        ['x', var high, var low] => ((char)Convert.ToInt32($"{high}{low}", 16)).ToString(),
        var other => other,
    }, RegexOptions.Singleline);
}
