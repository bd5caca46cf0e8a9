using System.Buffers;
using System.Buffers.Text;

namespace Proxy.Resp;

/// <summary>
/// An inline command written again as the array of bulk strings that means the same, so that what lies behind the scanner sees one form:
/// `GET "a b"` becomes `*2\r\n$3\r\nGET\r\n$3\r\na b\r\n`.
/// </summary>
internal static class InlineRequest
{
    /// <summary>`*` and `$` with the digits of any length that can follow, and CRLF.</summary>
    private const int MaxHeader = 1 + 10 + 2;

    /// <summary>Splits a line and encodes its words.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="arguments">Empty; receives one range for each word, relative to the start of the array.</param>
    /// <param name="length">Bytes of the encoded request; 0 when the line has no words.</param>
    /// <returns>An array of the shared pool, which the caller gives back, or null when quotes do not match (then nothing is owed).</returns>
    public static byte[]? Encode(ReadOnlySpan<byte> line, ref ArgumentStore arguments, out int length)
    {
        // A word of one byte takes two of the line and seven of the request (`$1\r\na\r\n`); no word grows more. The words are decoded one
        // by one behind that, in the last line.Length bytes.
        var encodedSize = MaxHeader + (4 * (line.Length + 1)) + MaxHeader;
        var scratch = ArrayPool<byte>.Shared.Rent(encodedSize + line.Length);
        var word = scratch.AsSpan(encodedSize, line.Length);

        // The count is known last: words start where the longest header would end, and move to the front if it is shorter.
        var end = MaxHeader;
        var words = new InlineTokenizer(line);
        while (words.TryNext(word, out var wordLength))
        {
            var header = end;
            end = WriteHeader(scratch, end, (byte)'$', wordLength);
            var payload = end;
            word[..wordLength].CopyTo(scratch.AsSpan(end));
            end = WriteCrlf(scratch, end + wordLength);
            arguments.Add(new ArgumentRange(header, payload, wordLength));
        }

        length = 0;
        if (words.Unbalanced)
        {
            ArrayPool<byte>.Shared.Return(scratch);
            return null;
        }

        if (arguments.Count > 0)
        {
            var headerLength = WriteHeader(scratch, 0, (byte)'*', arguments.Count);
            scratch.AsSpan(MaxHeader, end - MaxHeader).CopyTo(scratch.AsSpan(headerLength));
            arguments.Move(headerLength - MaxHeader);
            length = end - MaxHeader + headerLength;
        }

        return scratch;
    }

    private static int WriteHeader(byte[] into, int at, byte type, int value)
    {
        into[at] = type;
        Utf8Formatter.TryFormat(value, into.AsSpan(at + 1), out var digits);
        return WriteCrlf(into, at + 1 + digits);
    }

    private static int WriteCrlf(byte[] into, int at)
    {
        into[at] = (byte)'\r';
        into[at + 1] = (byte)'\n';
        return at + 2;
    }
}
