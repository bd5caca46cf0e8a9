using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Proxy.Partitioning;

/// <summary>Slots from <paramref name="First"/> to <paramref name="Last"/>, both included, each from 0 to 16383.</summary>
/// <param name="First">The first slot.</param>
/// <param name="Last">The last slot, not below the first.</param>
public readonly record struct SlotRange(int First, int Last)
{
    /// <summary>Reads <c>0-8191</c> or a single slot, <c>8192</c>.</summary>
    /// <returns>False unless it is one of the two with slots from 0 to 16383, not falling.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out SlotRange range)
    {
        range = default;
        if (text is null)
        {
            return false;
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = dash < 0 ? text : text.AsSpan(0, dash);
        var last = dash < 0 ? text : text.AsSpan(dash + 1);
        if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            || !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to))
        {
            return false;
        }

        range = new SlotRange(from, to);
        return range.IsValid;
    }

    /// <summary>Whether both ends are slots and the first is not above the last.</summary>
    public bool IsValid => First >= 0 && First <= Last && Last < KeySlot.Count;

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
