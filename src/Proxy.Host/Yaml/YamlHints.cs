using System.Text.RegularExpressions;

namespace Proxy.Host.Yaml;

/// <summary>What people usually meant where YAML only says that something is wrong.</summary>
internal static class YamlHints
{
    // `listen:127.0.0.1:6380`
    private static readonly Regex MissingSpace = new(@"^\s*[a-z_]+:[^\s:]", RegexOptions.CultureInvariant);

    // `- [::1]:6379:1` or `listen: [::1]:6380`
    private static readonly Regex BareBrackets = new(@"(-|:)\s+\[[0-9a-fA-F:.]+\]:", RegexOptions.CultureInvariant);

    /// <summary>A hint in parentheses for an error in a line or the one before it; empty where there is none.</summary>
    public static string For(string text, int line)
    {
        var lines = text.Split('\n');
        for (var number = line; number >= Math.Max(1, line - 1); number--)
        {
            var content = number <= lines.Length ? lines[number - 1] : "";
            if (BareBrackets.IsMatch(content))
            {
                return " (an address in brackets has to be in quotes, \"[::1]:6379\", or without brackets, ::1:6379)";
            }
            if (MissingSpace.IsMatch(content))
            {
                return " (is the space after the colon of a key missing?)";
            }
        }
        return "";
    }
}
