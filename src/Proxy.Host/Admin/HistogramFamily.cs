using System.Diagnostics;
using System.Runtime.CompilerServices;
using Prometheus;
using Proxy.Core.Metrics;

namespace Proxy.Host.Admin;

/// <summary>
/// Durations. The library's histogram takes values one by one, ours hands over counts: each scrape observes, for each bucket, the mean of what is new
/// in it, as often as there is something new. That puts the counts into the right buckets and makes the sum right.
/// </summary>
internal sealed class HistogramFamily(Histogram histogram) : SeriesFamily<Histogram.Child>(histogram)
{
    private readonly ConditionalWeakTable<Histogram.Child, Published> _published = [];

    /// <summary>Sets the series with these label values.</summary>
    public void Set(LatencyHistogram durations, params string[] labels)
    {
        var series = Series(labels);
        if (IsBehind(durations, _published.GetOrCreateValue(series)))
        {
            series = Restart(labels);
        }

        var published = _published.GetOrCreateValue(series);
        series.Publish();
        for (var bucket = 0; bucket < LatencyHistogram.BucketCount; bucket++)
        {
            Observe(series, published, bucket, durations.Count(bucket), (double)durations.Ticks(bucket) / Stopwatch.Frequency);
        }
    }

    private static void Observe(Histogram.Child series, Published published, int bucket, long count, double seconds)
    {
        var added = count - published.Counts[bucket];
        if (added == 0)
        {
            return;
        }

        // Count and sum were read while a worker wrote them, so that one may be ahead of the other; the mean is kept within the bucket.
        // What that leaves over of the sum is made up for by the next scrape.
        var mean = Math.Clamp((seconds - published.Seconds[bucket]) / added, LowerBound(bucket), UpperBound(bucket));
        series.Observe(mean, added);
        published.Counts[bucket] = count;
        published.Seconds[bucket] += mean * added;
    }

    private static bool IsBehind(LatencyHistogram durations, Published published)
    {
        for (var bucket = 0; bucket < LatencyHistogram.BucketCount; bucket++)
        {
            if (durations.Count(bucket) < published.Counts[bucket])
            {
                return true;
            }
        }

        return false;
    }

    // A bucket does not contain its lower bound, which belongs to the bucket before it.
    private static double LowerBound(int bucket) => bucket == 0 ? 0 : Math.BitIncrement(LatencyHistogram.UpperBounds[bucket - 1]);

    private static double UpperBound(int bucket) =>
        bucket < LatencyHistogram.UpperBounds.Length ? LatencyHistogram.UpperBounds[bucket] : double.MaxValue;

    private sealed class Published
    {
        public long[] Counts { get; } = new long[LatencyHistogram.BucketCount];

        public double[] Seconds { get; } = new double[LatencyHistogram.BucketCount];
    }
}
