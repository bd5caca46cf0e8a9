using System.Text;

namespace Proxy.Resp.Commands.Learnt;

/// <summary>Texts of a server's COMMAND reply that may be kept and told to clients, as lines too: short, printable, without blanks.</summary>
internal static class ReportText
{
    private const int MaxName = 64;
    private const int MaxWord = 48;
    private const int MaxNotes = 256;

    /// <summary>A command's name in lower case; of a subcommand `container|name`, which is how servers tell it. Null if it is none.</summary>
    /// <param name="utf8">As the server has it.</param>
    /// <param name="container">Null for a command of its own.</param>
    public static string? Name(ReadOnlySpan<byte> utf8, string? container)
    {
        if (!IsWord(utf8, MaxName))
        {
            return null;
        }

        var name = Encoding.ASCII.GetString(utf8).ToLowerInvariant();
        var bar = name.IndexOf('|');
        var isRight = container is null
            ? bar < 0
            : bar == container.Length
                && name.StartsWith(container, StringComparison.Ordinal)
                && bar < name.Length - 1
                && name.LastIndexOf('|') == bar;
        return isRight ? name : null;
    }

    /// <summary>A flag, a category or a tip; null if it is none. Those that the built-in table has take no room.</summary>
    public static string? Word(ReadOnlySpan<byte> utf8) => IsWord(utf8, MaxWord) ? Known(Encoding.ASCII.GetString(utf8)) : null;

    /// <summary>A remark, cut where it is very long.</summary>
    public static string Notes(ReadOnlySpan<byte> utf8) => Known(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxNotes)]));

    private static bool IsWord(ReadOnlySpan<byte> utf8, int longest) =>
        utf8.Length > 0 && utf8.Length <= longest && !utf8.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    // Interned are the texts of the program: what a server sends is not added to them.
    private static string Known(string text) => string.IsInterned(text) ?? text;
}
