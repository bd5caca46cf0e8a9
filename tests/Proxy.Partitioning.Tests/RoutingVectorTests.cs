using System.Text.Json;
using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class RoutingVectorTests
{
    private static readonly Dictionary<string, PartitionMember[]> Pools = ReadPools();

    private static IEnumerable<TestCaseData> RecordedPools() => VectorFiles.Rows("routing_vectors.tsv")
        .GroupBy(row => (Hash: row[0], Distribution: row[1], Tag: row[2], Pool: row[3]))
        .Select(group => new TestCaseData(group.Key.Hash, group.Key.Distribution, group.Key.Tag, group.Key.Pool, group.ToArray())
            .SetArgDisplayNames(group.Key.Hash, group.Key.Distribution, group.Key.Tag, group.Key.Pool));

    [TestCaseSource(nameof(RecordedPools))]
    public void RecordedKeys_GoWhereTwemproxySentThem(string hash, string distribution, string tag, string pool, string[][] rows)
    {
        var members = Pools[pool];
        var partitioner = Partitioner.Create(Options(hash, distribution, tag, members));

        var routed = rows.Select(row => $"{row[4]} {members[partitioner.Route(VectorFiles.Key(row[4]))].Name}");

        Assert.That(routed, Is.EqualTo(rows.Select(row => $"{row[4]} {row[5]}")));
    }

    [Test]
    public void Recording_IsComplete() => Assert.That(VectorFiles.Rows("routing_vectors.tsv").Count(), Is.EqualTo(11960));

    private static PartitionerOptions Options(string hash, string distribution, string tag, PartitionMember[] members)
    {
        Assert.That(HashFunctions.TryParse(hash, out var parsedHash), Is.True);
        Assert.That(Distributions.TryParse(distribution, out var parsedDistribution), Is.True);
        return new PartitionerOptions
        {
            Distribution = parsedDistribution,
            Hash = parsedHash,
            HashTag = HashTag.TryParse(tag, out var parsedTag) ? parsedTag : null,
            Members = members,
        };
    }

    private static Dictionary<string, PartitionMember[]> ReadPools()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(VectorFiles.PathOf("routing_configs.json")));
        return document.RootElement.EnumerateObject().ToDictionary(
            pool => pool.Name,
            pool => pool.Value.GetProperty("servers").EnumerateArray().Select(server => Member(server.GetString()!)).ToArray());
    }

    // 127.0.0.1:16401:10 zeta
    private static PartitionMember Member(string server)
    {
        var words = server.Split(' ');
        var parts = words[0].Split(':');
        var name = words.Length > 1 ? words[1] : PartitionMember.DefaultName(parts[0], parts[1]);
        return new PartitionMember(name, int.Parse(parts[2]));
    }
}
