namespace Proxy.Resp;

/// <summary>
/// Reads a decimal 64-bit integer as strictly as Redis does (`string2ll`): an optional `-`, then digits without leading zeros; no `+`, no
/// blanks, no `-0`, no overflow. It takes one byte at a time, so that a number may be cut anywhere.
/// </summary>
internal struct IntegerParser
{
    /// <summary>long.MinValue without its sign.</summary>
    private const ulong MaxNegative = 1UL << 63;

    private ulong _magnitude;
    private int _digits;
    private bool _negative;

    /// <summary>Reads a whole number.</summary>
    /// <returns>Whether <paramref name="text"/> is one; otherwise <paramref name="value"/> is 0.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        var parser = default(IntegerParser);
        foreach (var next in text)
        {
            if (!parser.Push(next))
            {
                value = 0;
                return false;
            }
        }

        return parser.TryComplete(out value);
    }

    /// <summary>Takes the next byte.</summary>
    /// <returns>Whether what came so far can begin a number. After `false` the parser is of no further use.</returns>
    public bool Push(byte next)
    {
        var digit = (uint)next - '0';
        if (digit > 9)
        {
            var sign = next == '-' && _digits == 0 && !_negative;
            _negative |= sign;
            return sign;
        }

        // A zero is the whole number or no part of its front: "01" and "-0" are none.
        var leadingZero = _magnitude == 0 && (_digits > 0 || (digit == 0 && _negative));
        if (leadingZero || _digits == 19)
        {
            return false;
        }

        // 19 digits fit in 64 bits without a sign.
        _magnitude = (_magnitude * 10) + digit;
        _digits++;
        return true;
    }

    /// <summary>Ends the number.</summary>
    /// <returns>Whether there was one; otherwise <paramref name="value"/> is 0.</returns>
    public readonly bool TryComplete(out long value)
    {
        var fits = _digits > 0 && _magnitude <= (_negative ? MaxNegative : long.MaxValue);
        value = !fits ? 0 : _negative ? unchecked(-(long)_magnitude) : (long)_magnitude;
        return fits;
    }
}
