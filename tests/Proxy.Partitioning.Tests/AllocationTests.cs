using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class AllocationTests
{
    private static IEnumerable<TestCaseData> EveryPartitioner()
    {
        foreach (var hash in Enum.GetValues<HashFunction>())
        {
            yield return Case($"ketama {hash}", new() { Hash = hash, Members = Members.Equal(4), HashTag = HashTag.Braces });
            yield return Case($"modula {hash}", new() { Distribution = Distribution.Modula, Hash = hash, Members = Members.Weighted(1, 2, 3) });
        }

        yield return Case("random", new() { Distribution = Distribution.Random, Members = Members.Equal(4) });
        yield return Case("slots", new() { Distribution = Distribution.Slots, Members = Members.Equal(4) });
        yield return Case("range by number", new() { Distribution = Distribution.Range, Members = Members.Equal(4), Bounds = [10, 20, 30] });
        yield return Case("range by bytes", new() { Distribution = Distribution.Range, Members = Members.Equal(4), By = RangeBy.Bytes, Bounds = ["a", "k", "z"] });
    }

    [TestCaseSource(nameof(EveryPartitioner))]
    public void Route_AllocatesNothing(PartitionerOptions options)
    {
        var partitioner = Partitioner.Create(options);
        byte[][] keys = ["user:1000"u8.ToArray(), "{tag}:x"u8.ToArray(), [], "no number"u8.ToArray(), new byte[4096], [.. "0000000000000000000000000000000000000017"u8]];

        Assert.That(Allocations.Of(() => RouteAll(partitioner, keys)), Is.Zero);
    }

    [Test]
    public void RouteOfAText_AllocatesNothing()
    {
        var partitioner = Partitioner.Create(new PartitionerOptions { Members = Members.Equal(4) });
        string[] keys = ["user:1000", new string('x', 1000)];
        var calls = 0;
        Assert.That(Allocations.Of(() => partitioner.Route(keys[calls++ & 1])), Is.Zero);
    }

    private static void RouteAll(Partitioner partitioner, byte[][] keys)
    {
        foreach (var key in keys)
        {
            partitioner.Route(key);
        }
    }

    private static TestCaseData Case(string name, PartitionerOptions options) => new TestCaseData(options).SetArgDisplayNames(name);
}
