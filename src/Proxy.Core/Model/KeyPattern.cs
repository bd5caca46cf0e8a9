using System.Text;

namespace Proxy.Core.Model;

/// <summary>Keys that a user may read or write, as Redis's ACLs name them: <c>app:*</c>, <c>%R~shared:*</c>.</summary>
/// <param name="Pattern">A glob.</param>
/// <param name="Reads">Their values may be read.</param>
/// <param name="Writes">They may be changed.</param>
internal readonly record struct KeyPattern(byte[] Pattern, bool Reads, bool Writes)
{
    /// <summary>True if it matches every key.</summary>
    public bool IsEvery => Pattern.AsSpan().SequenceEqual("*"u8);

    /// <summary>Reads <c>pattern</c>, <c>~pattern</c>, <c>%R~pattern</c>, <c>%W~pattern</c> or <c>%RW~pattern</c>.</summary>
    /// <returns>False if it is none of these.</returns>
    public static bool TryParse(string text, out KeyPattern pattern)
    {
        var (reads, writes) = (true, true);
        var tilde = text.IndexOf('~');
        if (text.StartsWith('%') && tilde > 0)
        {
            var rights = text[1..tilde].ToUpperInvariant();
            (reads, writes) = (rights.Contains('R'), rights.Contains('W'));
            pattern = new KeyPattern(Encoding.UTF8.GetBytes(text[(tilde + 1)..]), reads, writes);
            return rights is "R" or "W" or "RW" or "WR" && tilde + 1 < text.Length;
        }

        text = text.StartsWith('~') ? text[1..] : text;
        pattern = new KeyPattern(Encoding.UTF8.GetBytes(text), reads, writes);
        return text.Length > 0 && !text.StartsWith('%');
    }
}
