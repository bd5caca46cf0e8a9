using System.Text;

namespace Proxy.Resp.Commands;

/// <summary>
/// Words among a command's arguments, as Redis reads them: in any case, and as C does, which sees the end of a text in a zero byte. To Redis
/// <c>STORE\0x</c> is <c>STORE</c>. Names of commands and of subcommands it compares as a whole.
/// </summary>
internal static class OptionWord
{
    /// <summary>Whether Redis takes an argument for that word.</summary>
    public static bool Is(ReadOnlySpan<byte> argument, ReadOnlySpan<byte> word) =>
        argument.Length >= word.Length
        && (argument.Length == word.Length || argument[word.Length] == 0)
        && Ascii.EqualsIgnoreCase(argument[..word.Length], word);

    /// <inheritdoc cref="Is(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static bool Is(ReadOnlySpan<byte> argument, string word) =>
        argument.Length >= word.Length
        && (argument.Length == word.Length || argument[word.Length] == 0)
        && Ascii.EqualsIgnoreCase(argument[..word.Length], word);
}
