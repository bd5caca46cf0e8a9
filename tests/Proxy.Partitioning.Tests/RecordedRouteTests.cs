using System.Text.Json;
using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class RecordedRouteTests
{
    private static IEnumerable<TestCaseData> RecordedPools()
    {
        foreach (var line in File.ReadLines(VectorFiles.PathOf("recorded_routes.jsonl")))
        {
            var pool = JsonDocument.Parse(line).RootElement;
            yield return new TestCaseData(pool).SetArgDisplayNames(
                pool.GetProperty("id").GetString()!, pool.GetProperty("distribution").GetString()!, pool.GetProperty("hash").GetString()!);
        }
    }

    [TestCaseSource(nameof(RecordedPools))]
    public void RandomPool_RoutesAsTwemproxyDid(JsonElement pool)
    {
        var partitioner = Partitioner.Create(Options(pool));
        var routes = pool.GetProperty("routes").EnumerateArray().ToArray();

        var routed = routes.Select(route => $"{route[0]} {partitioner.Route(route[0].GetBytesFromBase64())}");

        Assert.That(routes, Has.Length.EqualTo(61));
        Assert.That(routed, Is.EqualTo(routes.Select(route => $"{route[0]} {route[1]}")));
    }

    private static PartitionerOptions Options(JsonElement pool)
    {
        Assert.That(HashFunctions.TryParse(pool.GetProperty("hash").GetString(), out var hash), Is.True);
        Assert.That(Distributions.TryParse(pool.GetProperty("distribution").GetString(), out var distribution), Is.True);
        return new PartitionerOptions
        {
            Distribution = distribution,
            Hash = hash,
            HashTag = HashTag.TryParse(pool.GetProperty("hash_tag").GetString(), out var tag) ? tag : null,
            Members = [.. pool.GetProperty("members").EnumerateArray().Select(member => new PartitionMember(member[0].GetString()!, member[1].GetInt32()))],
            Live = [.. pool.GetProperty("live").EnumerateArray().Select(live => live.GetBoolean())],
        };
    }
}
