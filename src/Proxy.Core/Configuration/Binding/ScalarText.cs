using System.Globalization;

namespace Proxy.Core.Configuration.Binding;

/// <summary>Reads the types of single values.</summary>
internal static class ScalarText
{
    private static readonly (string Unit, long Milliseconds)[] TimeUnits = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];

    private static readonly (string Unit, long Bytes)[] SizeUnits = [("kb", 1L << 10), ("mb", 1L << 20), ("gb", 1L << 30), ("b", 1)];

    /// <summary>Whether the text is a number as twemproxy reads one: decimal digits and nothing else.</summary>
    public static bool IsDigits(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    /// <summary>Reads digits; false also where the number does not fit.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Reads milliseconds: a plain number, or one with <c>ms</c>, <c>s</c>, <c>m</c> or <c>h</c>.</summary>
    public static bool TryMilliseconds(string text, out long milliseconds) => TryWithUnit(text, TimeUnits, out milliseconds);

    /// <summary>
    /// Reads bytes: a plain number, or one with <c>b</c>, <c>kb</c>, <c>mb</c> or <c>gb</c> (1024 of the smaller each), in any case.
    /// </summary>
    public static bool TryBytes(string text, out long bytes) => TryWithUnit(text.ToLowerInvariant(), SizeUnits, out bytes);

    private static bool TryWithUnit(string text, (string Unit, long Factor)[] units, out long value)
    {
        var number = text.AsSpan();
        var factor = 1L;
        foreach (var (unit, unitFactor) in units)
        {
            if (number.EndsWith(unit, StringComparison.Ordinal))
            {
                number = number[..^unit.Length];
                factor = unitFactor;
                break;
            }
        }
        value = 0;
        if (!TryNumber(number, out var count) || count > long.MaxValue / factor)
        {
            return false;
        }
        value = count * factor;
        return true;
    }
}
