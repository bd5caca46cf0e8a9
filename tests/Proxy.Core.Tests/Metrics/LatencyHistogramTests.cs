using System.Diagnostics;
using NUnit.Framework;
using Proxy.Core.Metrics;
using Proxy.Testing;

namespace Proxy.Core.Tests.Metrics;

[TestFixture]
internal sealed class LatencyHistogramTests
{
    private static IEnumerable<int> BoundedBuckets => Enumerable.Range(0, LatencyHistogram.BucketCount - 1);

    [Test]
    public void Bounds_Are1_2_5StepsFrom50MicrosecondsTo5Seconds() =>
        Assert.That(
            LatencyHistogram.UpperBounds.ToArray(),
            Is.EqualTo(new[] { 50e-6, 100e-6, 200e-6, 500e-6, 1e-3, 2e-3, 5e-3, 10e-3, 20e-3, 50e-3, 100e-3, 200e-3, 500e-3, 1, 2, 5 }));

    [TestCaseSource(nameof(BoundedBuckets))]
    public void DurationAtBound_BelongsToTheBucketBelowIt(int bucket) => Assert.That(BucketOf(BoundTicks(bucket)), Is.EqualTo(bucket));

    [TestCaseSource(nameof(BoundedBuckets))]
    public void DurationOneTickAboveBound_BelongsToTheNextBucket(int bucket) => Assert.That(BucketOf(BoundTicks(bucket) + 1), Is.EqualTo(bucket + 1));

    [Test]
    public void DurationsAroundEveryPowerOfTwo_FallWhereALinearSearchPutsThem()
    {
        var wrong = Enumerable.Range(0, 63)
            .SelectMany(power => new[] { (1L << power) - 1, 1L << power, (1L << power) + 1 })
            .Where(ticks => BucketOf(ticks) != BoundedBuckets.Append(LatencyHistogram.BucketCount - 1).First(bucket => IsWithin(ticks, bucket)));

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void LongestDuration_FallsIntoTheLastBucket() => Assert.That(BucketOf(long.MaxValue), Is.EqualTo(LatencyHistogram.BucketCount - 1));

    [Test]
    public void NegativeDuration_CountsAsNothing()
    {
        var histogram = new LatencyHistogram();

        histogram.Observe(-5);

        Assert.That((histogram.Count(0), histogram.Ticks(0)), Is.EqualTo((1L, 0L)));
    }

    [Test]
    public void Durations_AreSummedByBucket()
    {
        var histogram = new LatencyHistogram();

        histogram.Observe(BoundTicks(3));
        histogram.Observe(BoundTicks(3) - 7);
        histogram.Observe(BoundTicks(4));

        Assert.That((histogram.Count(3), histogram.Ticks(3)), Is.EqualTo((2L, (2 * BoundTicks(3)) - 7)));
    }

    [Test]
    public void Add_AddsCountsAndTicks()
    {
        var sum = new LatencyHistogram();
        var other = new LatencyHistogram();
        sum.Observe(1);
        other.Observe(2);
        other.Observe(BoundTicks(5));

        sum.Add(other);

        Assert.That((sum.Count(0), sum.Ticks(0), sum.Count(5), sum.TotalCount()), Is.EqualTo((2L, 3L, 1L, 3L)));
    }

    [Test]
    public void Observe_AllocatesNothing()
    {
        var histogram = new LatencyHistogram();
        var ticks = 0L;
        Assert.That(Allocations.Of(() => histogram.Observe(ticks += 5000)), Is.Zero);
    }

    private static long BoundTicks(int bucket) => (long)(LatencyHistogram.UpperBounds[bucket] * Stopwatch.Frequency);

    private static bool IsWithin(long ticks, int bucket) => bucket == LatencyHistogram.BucketCount - 1 || ticks <= BoundTicks(bucket);

    private static int BucketOf(long ticks)
    {
        var histogram = new LatencyHistogram();
        histogram.Observe(ticks);
        return Enumerable.Range(0, LatencyHistogram.BucketCount).Single(bucket => histogram.Count(bucket) == 1);
    }
}
