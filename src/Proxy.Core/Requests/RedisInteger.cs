using System.Buffers.Text;

namespace Proxy.Core.Requests;

/// <summary>Integers as Redis reads them in arguments: no sign but <c>-</c>, no leading zero, no blank.</summary>
internal static class RedisInteger
{
    /// <summary>Reads a 64-bit integer; all of <paramref name="text"/> must be it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.IsEmpty || text[0] == (byte)'+')
        {
            return false;
        }

        var digits = text[0] == (byte)'-' ? text[1..] : text;
        if (digits.IsEmpty || (digits[0] == (byte)'0' && (digits.Length > 1 || text.Length > 1)))
        {
            return false;
        }

        return Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
    }
}
