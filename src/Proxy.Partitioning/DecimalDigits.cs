namespace Proxy.Partitioning;

/// <summary>Decimal numbers of any length as ASCII digits, without making numbers of them.</summary>
internal static class DecimalDigits
{
    /// <summary>The first run of digits in <paramref name="bytes"/>; empty if there is none.</summary>
    internal static ReadOnlySpan<byte> FirstRun(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start < 0)
        {
            return default;
        }

        var rest = bytes[start..];
        var length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length < 0 ? rest : rest[..length];
    }

    /// <summary>Whether there is at least one byte and every one is a digit.</summary>
    internal static bool IsNumber(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>The digits after the leading zeros; none at all for zero.</summary>
    internal static ReadOnlySpan<byte> Significant(ReadOnlySpan<byte> digits) => digits.TrimStart((byte)'0');

    /// <summary>Compares two numbers without leading zeros: the longer is the greater, then digit by digit.</summary>
    internal static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
}
