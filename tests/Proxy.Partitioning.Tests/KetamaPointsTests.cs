using System.Text.Json;
using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class KetamaPointsTests
{
    [Test]
    public void RecordedPools_HaveTheRecordedPoints()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(VectorFiles.PathOf("routing_configs.json")));
        foreach (var pool in document.RootElement.EnumerateObject())
        {
            var weights = pool.Value.GetProperty("servers").EnumerateArray().Select(server => WeightOf(server.GetString()!));
            var names = pool.Value.GetProperty("ring_names_sorted").EnumerateArray().Select(name => name.GetString()!);
            var expected = names.Select(name => pool.Value.GetProperty("ketama_points").GetProperty(name).GetInt32());

            // Weights are in the order of the file, points are not: the sorted numbers of points must agree.
            Assert.That(PointCounts([.. weights]).Order(), Is.EqualTo(expected.Order()), pool.Name);
        }
    }

    [Test]
    public void EqualWeights_SomeCountsOfServersLoseAGroupToRounding()
    {
        int[] short39 = [25, 47, 50, 55, 61, 71, 94, 100, 107, 109, 110, 115, 122, 142, 159, 163, 188, 193, 200];

        var groups = Enumerable.Range(1, 200).Select(count => KetamaPoints.Groups(1, (uint)count, count));

        Assert.That(groups, Is.EqualTo(Enumerable.Range(1, 200).Select(count => short39.Contains(count) ? 39 : 40)));
    }

    [Test]
    public void TinyWeight_GetsNoPoint() => Assert.That(PointCounts([1000, 1, 50]), Is.EqualTo(new[] { 456, 0, 20 }));

    [Test]
    public void Digest_GivesFourLittleEndianPoints()
    {
        var values = KetamaPoints.Build([new PartitionMember("server1")], [0]).Select(point => point.Value).ToArray();

        // Words 0 and 3 of MD5("server1-8").
        Assert.That(values, Does.Contain(3853726576u).And.Contain(2667054752u));
    }

    [Test]
    public void Points_Rise() =>
        Assert.That(KetamaPoints.Build([new PartitionMember("a"), new PartitionMember("b")], [0, 1]).Select(point => point.Value), Is.Ordered.And.Exactly(320).Items);

    [Test]
    public void NameBeyondTheLabel_HasTheSamePointsAgainAndAgain()
    {
        var name = new string('x', 272);

        var points = KetamaPoints.Build([new PartitionMember(name)], [0]);

        Assert.That(points.Select(point => point.Value).Distinct(), Has.Exactly(4).Items);
    }

    [Test]
    public void EqualValues_KeepTheOrderOfTheMembers()
    {
        // Labels end after 272 bytes, so that two long names which differ at the end only have equal points.
        var members = new[] { new PartitionMember(new string('x', 272) + "2"), new PartitionMember(new string('x', 272) + "1") };

        var points = KetamaPoints.Build(members, [1, 0]);

        Assert.That(points.Where(point => point.Value == points[0].Value).Select(point => point.Member), Is.EqualTo(Enumerable.Repeat(1, 40).Concat(Enumerable.Repeat(0, 40))));
    }

    private static int WeightOf(string server) => int.Parse(server.Split(' ')[0].Split(':')[2]);

    private static int[] PointCounts(int[] weights)
    {
        var members = weights.Select((weight, i) => new PartitionMember($"s{i}", weight)).ToArray();
        var points = KetamaPoints.Build(members, [.. Enumerable.Range(0, weights.Length)]);
        return [.. Enumerable.Range(0, weights.Length).Select(i => points.Count(point => point.Member == i))];
    }
}
