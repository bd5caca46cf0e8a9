using System.Text.RegularExpressions;

namespace Proxy.Resp.Tests;

/// <summary>The rules for replies once more, slow, plain and recursive, on a whole text at once: what the scanner is compared with.</summary>
internal static class ReferenceReplyParser
{
    private const int Unfinished = -1;
    private const int Wrong = -2;

    private static readonly Dictionary<char, string> Lines = new()
    {
        ['+'] = "[^\r\n]*",
        ['-'] = "[^\r\n]*",
        [':'] = "0|-?[1-9][0-9]*",
        [','] = "[+-]?(inf|nan|[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?)",
        ['('] = "[^\r\n]*",
        ['#'] = "[tf]",
        ['_'] = "",
    };

    /// <summary>The transcript that <see cref="ReplyTranscript"/> must write for these bytes.</summary>
    public static string[] Parse(string text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var kind = '\0';
            var end = Element(text, start, depth: 0, ref kind);
            if (end < 0)
            {
                lines.Add(end == Wrong ? "error" : "…");
                break;
            }

            lines.Add($"{kind} {text[start..end]}");
            start = end;
        }

        return [.. lines];
    }

    private static int Element(string text, int start, int depth, ref char kind)
    {
        if (start >= text.Length)
        {
            return Unfinished;
        }

        var type = text[start];
        kind = type;
        if (type == '>' && depth > 0)
        {
            return Wrong;
        }

        if (Lines.TryGetValue(type, out var pattern))
        {
            return Line(text, start + 1, pattern, out _);
        }

        if (!"$!=*~%>|".Contains(type, StringComparison.Ordinal))
        {
            return Wrong;
        }

        var next = Line(text, start + 1, "0|-?[1-9][0-9]*", out var number);
        if (next < 0)
        {
            return next;
        }

        var value = long.Parse(number);
        if (value == -1 && type is '$' or '*')
        {
            return next;
        }

        if (type is '$' or '!' or '=')
        {
            return value < (type == '=' ? 4 : 0) || value > ReplyScanner.DefaultMaxBulkLength ? Wrong : Bulk(text, next, (int)value);
        }

        if (value is < 0 or > int.MaxValue)
        {
            return Wrong;
        }

        var inner = '\0';
        for (var i = type is '%' or '|' ? value * 2 : value; i > 0 && next >= 0; i--)
        {
            next = Element(text, next, depth + 1, ref inner);
        }

        return type == '|' && next >= 0 ? Element(text, next, depth, ref kind) : next;
    }

    private static int Bulk(string text, int start, int length)
    {
        var end = text[Math.Min(text.Length, start + length)..];
        return end.Length switch
        {
            0 => Unfinished,
            1 => end == "\r" ? Unfinished : Wrong,
            _ => end.StartsWith("\r\n", StringComparison.Ordinal) ? start + length + 2 : Wrong,
        };
    }

    /// <summary>A line of a given form. What can still become one is unfinished, what cannot is wrong before its end is there.</summary>
    private static int Line(string text, int start, string pattern, out string value)
    {
        var end = text.IndexOfAny(['\r', '\n'], start);
        value = text[start..(end < 0 ? text.Length : end)];
        var right = Regex.IsMatch(value, $@"\A({pattern})\z") && (!pattern.StartsWith('0') || long.TryParse(value, out _));
        if (end < 0)
        {
            return CanGrow(value, pattern) ? Unfinished : Wrong;
        }

        if (!right || text[end] == '\n')
        {
            return Wrong;
        }

        return end + 1 == text.Length ? Unfinished : text[end + 1] == '\n' ? end + 2 : Wrong;
    }

    /// <summary>Whether some ending makes the value right.</summary>
    private static bool CanGrow(string value, string pattern) =>
        new[] { "", "0", "1", "t", "inf", "nf", "f", "nan", "an", "n" }.Any(ending =>
            Regex.IsMatch(value + ending, $@"\A({pattern})\z") && (!pattern.StartsWith('0') || value.Length < 20));
}
