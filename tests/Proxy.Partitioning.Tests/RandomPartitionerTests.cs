using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class RandomPartitionerTests
{
    [Test]
    public void SameKey_ReachesEveryMemberAboutEquallyWhateverTheWeights()
    {
        var partitioner = Partitioner.Create(new PartitionerOptions { Distribution = Distribution.Random, Members = Members.Weighted(10, 1, 1, 1) });

        var routes = Enumerable.Range(0, 8000).Select(_ => partitioner.Route("key")).GroupBy(member => member).ToDictionary(group => group.Key, group => group.Count());

        // 2000 each are expected with a standard deviation of 39: ten deviations are out of reach of chance.
        Assert.That(routes.Keys, Is.EquivalentTo(new[] { 0, 1, 2, 3 }));
        Assert.That(routes.Values, Is.All.InRange(1600, 2400));
    }
}
