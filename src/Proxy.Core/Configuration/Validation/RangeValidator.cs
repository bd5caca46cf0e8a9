using System.Globalization;
using System.Numerics;
using System.Text;
using Proxy.Core.Configuration.Binding;
using Proxy.Partitioning;

namespace Proxy.Core.Configuration.Validation;

/// <summary>The section <c>range:</c>: strictly rising bounds, one fewer than servers, and a known server for the rest.</summary>
internal sealed class RangeValidator : IPoolValidator
{
    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        var isRange = pool.Distribution?.Value == Distribution.Range;
        if (pool.Range is null)
        {
            // A pool with one server needs no bounds.
            if (isRange && pool.Servers?.Value.Count > 1)
            {
                problems.Error(pool.Distribution!.Place, "distribution range needs the section \"range:\" with bounds");
            }
            return;
        }
        if (!isRange)
        {
            if (pool.Distribution is not null || !pool.WrittenKeys.Contains("distribution"))
            {
                problems.Error(pool.Range.Place, "directive \"range\" is only valid with distribution range");
            }
            return;
        }
        ValidateBounds(pool, pool.Range, problems);
        ValidateOtherwise(pool, pool.Range, problems);
    }

    private static void ValidateBounds(PoolConfig pool, RangeConfig range, ConfigProblems problems)
    {
        var bounds = range.Bounds?.Value ?? [];
        if (pool.Servers is { Value.Count: > 0 and var servers } && bounds.Count != servers - 1)
        {
            var place = range.Bounds?.Place ?? range.Place;
            problems.Error(place, $"bounds have to be one fewer than servers: {servers - 1} for {servers}, not {bounds.Count}");
        }
        var byNumber = range.By?.Value != RangeBy.Bytes;
        for (var i = 0; i < bounds.Count; i++)
        {
            var bound = bounds[i];
            if (byNumber && !ScalarText.IsDigits(bound.Value))
            {
                problems.Error(bound.Place, $"a bound by number is decimal digits: '{bound.Value}'");
            }
            else if (i > 0 && Compare(bounds[i - 1].Value, bound.Value, byNumber) >= 0)
            {
                problems.Error(bound.Place, $"bounds have to rise: '{bound.Value}' is not above '{bounds[i - 1].Value}'");
            }
        }
    }

    // Rising, so no complaint of its own, where the lower bound is no number, which is reported there.
    private static int Compare(string lower, string upper, bool byNumber)
    {
        if (!byNumber)
        {
            return Encoding.UTF8.GetBytes(lower).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(upper));
        }
        return ScalarText.IsDigits(lower) ? Number(lower).CompareTo(Number(upper)) : -1;
    }

    private static BigInteger Number(string digits) => BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static void ValidateOtherwise(PoolConfig pool, RangeConfig range, ConfigProblems problems)
    {
        if (range.Otherwise is not { } otherwise)
        {
            return;
        }
        if (range.By?.Value == RangeBy.Bytes)
        {
            problems.Error(otherwise.Place, "directive \"otherwise\" has no meaning by bytes: every key has its place");
        }
        ServerNames.RequireKnown(pool, otherwise, problems);
    }
}
