using System.Diagnostics;
using System.Numerics;

namespace Proxy.Core.Metrics;

/// <summary>
/// How long things took: a count and a sum of ticks for each bucket, 1-2-5 steps from 50 µs to 5 s and one for what took longer.
/// One thread writes; any thread may read, and may see a count without its ticks or the other way round.
/// </summary>
/// <remarks>
/// Ticks are those of <see cref="Stopwatch.GetTimestamp"/>. The sum is kept by bucket so that a scrape can hand the bucket's mean to a histogram that
/// only takes single values, and both buckets and sum come out right.
/// </remarks>
internal sealed class LatencyHistogram
{
    /// <summary>Number of buckets, the last of which has no upper bound.</summary>
    public const int BucketCount = 17;

    // Count and ticks of a bucket lie side by side: one cache line for an observation.
    private readonly long[] _cells = new long[(2 * BucketCount) + CacheLinePadding.Length];

    private static readonly double[] Bounds =
        [50e-6, 100e-6, 200e-6, 500e-6, 1e-3, 2e-3, 5e-3, 10e-3, 20e-3, 50e-3, 100e-3, 200e-3, 500e-3, 1, 2, 5];

    private static readonly long[] BoundTicks = [.. Bounds.Select(seconds => (long)(seconds * Stopwatch.Frequency)), long.MaxValue];

    // Bounds at least double from one to the next, so that between two powers of two lies at most one:
    // the power of two of a duration leaves one comparison to be made.
    private static readonly byte[] FirstBucket = FirstBucketByPowerOfTwo();

    /// <summary>Upper bounds in seconds, inclusive, of all buckets but the last.</summary>
    public static ReadOnlySpan<double> UpperBounds => Bounds;

    /// <summary>Counts one thing that took <paramref name="ticks"/>; less than nothing counts as nothing.</summary>
    public void Observe(long ticks)
    {
        if (ticks < 0)
        {
            ticks = 0;
        }

        int bucket = FirstBucket[BitOperations.Log2((ulong)ticks | 1)];
        if (ticks > BoundTicks[bucket])
        {
            bucket++;
        }

        var cells = _cells;
        cells[2 * bucket]++;
        cells[(2 * bucket) + 1] += ticks;
    }

    /// <summary>How many things fell into a bucket (not cumulative).</summary>
    public long Count(int bucket) => _cells[2 * bucket];

    /// <summary>How many ticks the things in a bucket took together.</summary>
    public long Ticks(int bucket) => _cells[(2 * bucket) + 1];

    /// <summary>How many things were counted.</summary>
    public long TotalCount()
    {
        var total = 0L;
        for (var bucket = 0; bucket < BucketCount; bucket++)
        {
            total += Count(bucket);
        }

        return total;
    }

    /// <summary>Adds what another histogram counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var cell = 0; cell < 2 * BucketCount; cell++)
        {
            _cells[cell] += other._cells[cell];
        }
    }

    private static byte[] FirstBucketByPowerOfTwo()
    {
        var first = new byte[64];
        for (var power = 0; power < first.Length; power++)
        {
            var bucket = 0;
            while (BoundTicks[bucket] < 1L << Math.Min(power, 62))
            {
                bucket++;
            }

            first[power] = (byte)bucket;
        }

        return first;
    }
}
