using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class ContinuumTests
{
    [TestCase(0u, 0)]
    [TestCase(10u, 0)]
    [TestCase(11u, 1)]
    [TestCase(20u, 1)]
    [TestCase(21u, 0, Description = "above the last point the ring begins again")]
    [TestCase(uint.MaxValue, 0)]
    public void Hash_BelongsToTheNextPoint(uint hash, int member)
    {
        var continuum = new Continuum([new ContinuumPoint(10, 0), new ContinuumPoint(20, 1)]);

        Assert.That(continuum.MemberAt(hash), Is.EqualTo(member));
    }

    [Test]
    public void PointAtTheVeryTop_KeepsItsHash()
    {
        var continuum = new Continuum([new ContinuumPoint(10, 0), new ContinuumPoint(uint.MaxValue, 1)]);

        Assert.That(continuum.MemberAt(uint.MaxValue), Is.EqualTo(1));
    }

    [Test]
    public void EqualPoints_FirstOneWins()
    {
        var continuum = new Continuum([new ContinuumPoint(10, 2), new ContinuumPoint(10, 1)]);

        Assert.That(continuum.MemberAt(10), Is.EqualTo(2));
    }

    [Test]
    public void OnePoint_OwnsEverything()
    {
        var continuum = new Continuum([new ContinuumPoint(1u << 31, 3)]);

        Assert.That(new[] { 0u, (1u << 31) - 1, 1u << 31, (1u << 31) + 1, uint.MaxValue }.Select(continuum.MemberAt), Is.All.EqualTo(3));
    }

    [Test]
    public void RandomRings_AgreeWithAPlainSearch()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 200; round++)
        {
            // Half of the rings are crowded into few values, where the index by upper bits helps least.
            var crowded = round % 2 == 0;
            var points = Enumerable.Range(0, random.Next(1, 300))
                .Select(i => new ContinuumPoint(crowded ? 0xFFFFFF00 + (uint)random.Next(256) : (uint)random.NextInt64(1L << 32), i))
                .OrderBy(point => point.Value)
                .ToArray();
            var continuum = new Continuum(points);
            var hashes = points.SelectMany(point => new[] { point.Value - 1, point.Value, point.Value + 1, (uint)random.NextInt64(1L << 32) });

            Assert.That(hashes.Where(hash => continuum.MemberAt(hash) != PlainSearch(points, hash)), Is.Empty);
        }
    }

    private static int PlainSearch(ContinuumPoint[] points, uint hash)
    {
        var i = Array.FindIndex(points, point => point.Value >= hash);
        return points[Math.Max(i, 0)].Member;
    }
}
