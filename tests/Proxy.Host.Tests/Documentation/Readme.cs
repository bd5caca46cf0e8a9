using System.Text.RegularExpressions;

namespace Proxy.Host.Tests.Documentation;

/// <summary>The README and its tables.</summary>
internal static class Readme
{
    private static readonly Regex Heading = new("^(#+) (.*)$");
    private static readonly Regex CellBorder = new(@"(?<!\\)\|");
    private static readonly Regex CodeSpan = new("`([^`]+)`");

    /// <summary>The folder with Proxy.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The whole text.</summary>
    public static string Text { get; } = File.ReadAllText(Path.Combine(Root, "README.md"));

    /// <summary>The lines below a heading, with its subsections, up to the next heading of its level or above.</summary>
    public static IReadOnlyList<string> Section(string title)
    {
        var lines = Text.Split('\n');
        var start = Array.FindIndex(lines, line => Heading.Match(line) is { Success: true } match && match.Groups[2].Value == title);
        if (start < 0)
        {
            throw new InvalidOperationException($"the README has no heading '{title}'");
        }

        var level = Heading.Match(lines[start]).Groups[1].Length;
        return [.. lines.Skip(start + 1).TakeWhile(line => Heading.Match(line) is not { Success: true } match || match.Groups[1].Length > level)];
    }

    /// <summary>The rows of all tables of a section: their cells, trimmed, with the bars that are escaped in them. Heads and rules are left out.</summary>
    public static IReadOnlyList<string[]> Rows(string title)
    {
        var lines = Section(title);
        return
        [
            .. lines
                .Where((line, i) => line.StartsWith("| ", StringComparison.Ordinal) && !(i + 1 < lines.Count && lines[i + 1].StartsWith("|--", StringComparison.Ordinal)))
                .Select(line => CellBorder.Split(line.Trim()[1..^1]).Select(cell => cell.Trim().Replace(@"\|", "|")).ToArray()),
        ];
    }

    /// <summary>The texts in backquotes of a cell or a line.</summary>
    public static IReadOnlyList<string> Code(string text) => [.. CodeSpan.Matches(text).Select(match => match.Groups[1].Value)];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Proxy.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} has Proxy.sln");
    }
}
