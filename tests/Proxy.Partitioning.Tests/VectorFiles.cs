namespace Proxy.Partitioning.Tests;

/// <summary>The recorded answers of the real twemproxy; `Vectors/README.md` says how they came about.</summary>
internal static class VectorFiles
{
    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Vectors", name);

    /// <summary>The rows of a table, header left out, split at tabs.</summary>
    internal static IEnumerable<string[]> Rows(string name) => File.ReadLines(PathOf(name)).Skip(1).Select(line => line.Split('\t'));

    /// <summary>A key in base64; `=` is the empty one.</summary>
    internal static byte[] Key(string text) => text == "=" ? [] : Convert.FromBase64String(text);
}
