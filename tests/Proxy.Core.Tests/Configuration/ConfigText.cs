using Proxy.Core.Configuration.Nodes;

namespace Proxy.Core.Tests.Configuration;

/// <summary>
/// Reads the small part of YAML that these tests are written in: maps and lists by indentation, and lists of single values in brackets.
/// Core knows no YAML; the real reader has its own tests.
/// </summary>
internal sealed class ConfigText
{
    private readonly string[] _lines;
    private int _next;

    private ConfigText(string text) => _lines = text.Split('\n');

    public static ConfigNode Parse(string text) => new ConfigText(text).Block(0);

    private ConfigNode Block(int indentation)
    {
        SkipBlank();
        var mark = new ConfigMark(_next + 1, indentation + 1);
        return IsItem(indentation) ? new ConfigSequence(Items(indentation), mark) : new ConfigMap(Entries(indentation), mark);
    }

    private List<ConfigNode> Items(int indentation)
    {
        var items = new List<ConfigNode>();
        for (SkipBlank(); IsItem(indentation); SkipBlank())
        {
            // The rest of `- key: value` is the first line of a map that begins two columns further right.
            var line = _lines[_next];
            _lines[_next] = line[..indentation] + "  " + line[(indentation + 2)..];
            items.Add(IsEntry(line[(indentation + 2)..]) ? Block(indentation + 2) : Inline(_next++, indentation + 2));
        }
        return items;
    }

    private List<ConfigEntry> Entries(int indentation)
    {
        var entries = new List<ConfigEntry>();
        for (SkipBlank(); _next < _lines.Length && Indentation(_lines[_next]) == indentation; SkipBlank())
        {
            var line = _lines[_next];
            var colon = line.EndsWith(':') ? line.Length - 1 : line.IndexOf(": ", StringComparison.Ordinal);
            var key = new ConfigScalar(Unquoted(line[indentation..colon]), new ConfigMark(_next + 1, indentation + 1));
            var number = _next++;
            entries.Add(new ConfigEntry(key, colon < line.Length - 1 ? Inline(number, colon + 2) : Nested(number, indentation, colon)));
        }
        return entries;
    }

    private ConfigNode Nested(int number, int indentation, int colon)
    {
        SkipBlank();
        return _next < _lines.Length && Indentation(_lines[_next]) > indentation
            ? Block(Indentation(_lines[_next]))
            : new ConfigScalar("", new ConfigMark(number + 1, colon + 2));
    }

    private ConfigNode Inline(int number, int column)
    {
        var text = _lines[number][column..];
        var mark = new ConfigMark(number + 1, column + 1);
        if (!text.StartsWith('['))
        {
            return new ConfigScalar(Unquoted(text), mark);
        }
        var items = new List<ConfigNode>();
        var at = column + 1;
        foreach (var item in text[1..^1].Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            items.Add(new ConfigScalar(Unquoted(item), new ConfigMark(number + 1, at + 1)));
            at += item.Length + 2;
        }
        return new ConfigSequence(items, mark);
    }

    private void SkipBlank()
    {
        while (_next < _lines.Length && string.IsNullOrWhiteSpace(_lines[_next]))
        {
            _next++;
        }
    }

    private bool IsItem(int indentation) =>
        _next < _lines.Length && Indentation(_lines[_next]) == indentation && _lines[_next].AsSpan(indentation).StartsWith("- ");

    private static bool IsEntry(string text) => text.Split(' ')[0].EndsWith(':') && !text.StartsWith('"');

    private static int Indentation(string line) => line.Length - line.TrimStart(' ').Length;

    private static string Unquoted(string text) => text.StartsWith('"') ? text[1..^1] : text;
}
