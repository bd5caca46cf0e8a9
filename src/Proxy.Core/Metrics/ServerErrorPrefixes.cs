using System.Text;

namespace Proxy.Core.Metrics;

/// <summary>Texts and recognition of <see cref="ServerErrorPrefix"/>.</summary>
internal static class ServerErrorPrefixes
{
    /// <summary>Label values, by the value of <see cref="ServerErrorPrefix"/>.</summary>
    public static readonly string[] Labels =
        [.. Enum.GetNames<ServerErrorPrefix>().Select((name, value) => value == 0 ? "other" : name.ToUpperInvariant())];

    private static readonly byte[][] Words = [.. Labels.Select(Encoding.ASCII.GetBytes)];

    /// <summary>Finds the first word of an error reply.</summary>
    /// <param name="text">What follows the <c>-</c>, or (RESP3) the length line of a <c>!</c>: <c>LOADING Redis is loading …</c>. Only read.</param>
    public static ServerErrorPrefix Parse(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)' ', (byte)'\r');
        var word = end < 0 ? text : text[..end];
        for (var value = 1; value < Words.Length; value++)
        {
            if (word.SequenceEqual(Words[value]))
            {
                return (ServerErrorPrefix)value;
            }
        }

        return ServerErrorPrefix.Other;
    }
}
