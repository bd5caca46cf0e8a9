using System.Globalization;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>
/// Numbers among a command's arguments as Redis reads doubles: what C's strtod takes whole, so also <c>inf</c>, <c>1e3</c> and <c>0x1p4</c>,
/// but neither NaN, nor a number too large or too small for a double, nor a blank in front.
/// </summary>
internal static class RedisFloat
{
    /// <summary>Reads a double; all of <paramref name="text"/> must be it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var digits = text is [(byte)'+' or (byte)'-', ..] ? text[1..] : text;
        if (digits.IsEmpty || digits.Contains((byte)0))
        {
            return false;
        }

        if (OptionWord.Is(digits, "inf"u8) || OptionWord.Is(digits, "infinity"u8))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        var isRead = digits is [(byte)'0', (byte)'x' or (byte)'X', ..]
            ? TryParseHexadecimal(digits[2..], out value, out var isZero)
            : TryParseDecimal(digits, out value, out isZero);
        if (text[0] == '-')
        {
            value = -value;
        }

        // Out of a double's range on either side.
        return isRead && !double.IsInfinity(value) && (value != 0 || isZero);
    }

    private static bool TryParseDecimal(ReadOnlySpan<byte> text, out double value, out bool isZero)
    {
        isZero = !text[..MantissaOf(text, (byte)'e')].ContainsAnyInRange((byte)'1', (byte)'9');
        value = 0;
        return text[0] is (byte)'.' or (>= (byte)'0' and <= (byte)'9')
            && double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryParseHexadecimal(ReadOnlySpan<byte> text, out double value, out bool isZero)
    {
        value = 0;
        isZero = true;
        var end = MantissaOf(text, (byte)'p');
        var exponent = 0;
        if (end < text.Length
            && !int.TryParse(text[(end + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }

        var digits = 0;
        var isFraction = false;
        foreach (var next in text[..end])
        {
            if (next == '.' && !isFraction)
            {
                isFraction = true;
                continue;
            }

            if (!char.IsAsciiHexDigit((char)next))
            {
                return false;
            }

            digits++;
            isZero &= next == '0';
            value = (value * 16) + Convert.ToInt32($"{(char)next}", 16);
            exponent -= isFraction ? 4 : 0;
        }

        value = Math.ScaleB(value, exponent);
        return digits > 0;
    }

    private static int MantissaOf(ReadOnlySpan<byte> text, byte exponent)
    {
        var end = text.IndexOfAny(exponent, (byte)(exponent - ('a' - 'A')));
        return end < 0 ? text.Length : end;
    }
}
