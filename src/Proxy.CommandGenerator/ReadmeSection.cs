namespace Proxy.CommandGenerator;

/// <summary>A part of the README that is generated: what stands between `&lt;!-- name --&gt;` and `&lt;!-- /name --&gt;`.</summary>
internal static class ReadmeSection
{
    /// <summary>The text with what stands between the markers replaced; markers are appended if there are none.</summary>
    public static string Replace(string readme, string name, string content)
    {
        var (first, last) = ($"<!-- {name} -->", $"<!-- /{name} -->");
        var begin = readme.IndexOf(first, StringComparison.Ordinal);
        var end = readme.IndexOf(last, StringComparison.Ordinal);
        return begin < 0 || end < begin
            ? $"{readme.TrimEnd()}\n\n{first}\n{content}{last}\n".TrimStart()
            : $"{readme[..(begin + first.Length)]}\n{content}{readme[end..]}";
    }
}
