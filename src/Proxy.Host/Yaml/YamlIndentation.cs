using Proxy.Core.Configuration.Nodes;

namespace Proxy.Host.Yaml;

/// <summary>
/// Finds tabs in the indentation. The parser refuses them too, but at another place and in words that nobody understands.
/// </summary>
internal static class YamlIndentation
{
    /// <summary>The place of the first such tab; null when there is none.</summary>
    /// <param name="text">The file.</param>
    /// <param name="inBlankLines">Also in lines of nothing else, which are harmless in most places, and in comments.</param>
    public static ConfigMark? FindTab(string text, bool inBlankLines)
    {
        var line = 0;
        foreach (var content in text.AsSpan().EnumerateLines())
        {
            line++;
            var written = content.IndexOfAnyExcept(' ', '\t');
            var isBlank = written < 0 || content[written] == '#';
            var indentation = content[..(written < 0 ? content.Length : written)];
            var tab = indentation.IndexOf('\t');
            if (tab >= 0 && (inBlankLines || !isBlank))
            {
                return new ConfigMark(line, tab + 1);
            }
        }
        return null;
    }
}
