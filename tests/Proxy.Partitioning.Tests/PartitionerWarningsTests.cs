using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class PartitionerWarningsTests
{
    private static readonly string[] Numbered = [.. Enumerable.Range(0, 10000).Select(i => $"key-{i}")];

    [Test]
    public void KetamaWithCrc32_Warned() => Assert.That(Ketama(HashFunction.Crc32), Has.One.Contains("all keys go to one server"));

    [Test]
    public void KetamaWithFnv1_64_Warned() => Assert.That(Ketama(HashFunction.Fnv1_64), Has.One.Contains("keys that end in a number"));

    [Test]
    public void KetamaWithOtherHashes_NothingToSay() => Assert.That(
        Enum.GetValues<HashFunction>().Except([HashFunction.Crc32, HashFunction.Fnv1_64]).SelectMany(Ketama), Is.Empty);

    // What the warnings say must be so.
    [TestCase(HashFunction.Crc32, 100, 0)]
    [TestCase(HashFunction.Fnv1_64, 40, 10)]
    [TestCase(HashFunction.Murmur, 27, 23)]
    public void NumberedKeysOnFourEqualServers_SpreadAsTheWarningSays(HashFunction hash, int busiest, int idlest)
    {
        var members = new[] { 16401, 16402, 16403, 16404 }.Select(port => new PartitionMember($"127.0.0.1:{port}")).ToArray();
        var partitioner = Partitioner.Create(new PartitionerOptions { Hash = hash, Members = members });

        var routes = Numbered.Select(partitioner.Route).ToArray();
        var percents = Enumerable.Range(0, 4).Select(member => routes.Count(route => route == member) / 100.0).ToArray();

        Assert.That(percents.Max(), Is.EqualTo(busiest).Within(6));
        Assert.That(percents.Min(), Is.EqualTo(idlest).Within(6));
    }

    [Test]
    public void MemberWithoutPoints_Warned() => Assert.That(
        Partitioner.Warnings(new PartitionerOptions { Members = Members.Weighted(1000, 1, 50) }),
        Is.EqualTo(new[] { "server 'server2' gets no point on the ring and so no key: its weight 1 of 1051 is too small" }));

    [Test]
    public void ModulaWithMoreWeightThanCrc32HasValues_Warned() => Assert.That(
        Modula(HashFunction.Crc32, 40000), Has.One.Contains("32768 values"));

    [TestCase(HashFunction.Crc32, 100)]
    [TestCase(HashFunction.Crc32a, 40000)]
    public void ModulaOtherwise_NothingToSay(HashFunction hash, int weight) => Assert.That(Modula(hash, weight), Is.Empty);

    [Test]
    public void Random_WarnedThatKeysHaveNoHome() => Assert.That(
        Partitioner.Warnings(new PartitionerOptions { Distribution = Distribution.Random, Members = Members.Equal(2) }), Has.One.Contains("not found again"));

    [Test]
    public void RandomWithWeights_WarnedThatTheyAreIgnored() => Assert.That(
        Partitioner.Warnings(new PartitionerOptions { Distribution = Distribution.Random, Members = Members.Weighted(1, 2) }), Has.One.EqualTo("distribution random ignores the weights of the servers"));

    [Test]
    public void MemberWithoutSlots_Warned() => Assert.That(
        Partitioner.Warnings(new PartitionerOptions { Distribution = Distribution.Slots, Members = Members.Equal(2), Slots = [[], [new(0, 16383)]] }),
        Is.EqualTo(new[] { "server 'server1' has no slots and so gets no key" }));

    [Test]
    public void Range_NothingToSay() => Assert.That(
        Partitioner.Warnings(new PartitionerOptions { Distribution = Distribution.Range, Members = Members.Equal(2), Bounds = [5] }), Is.Empty);

    [Test]
    public void OneServer_NothingToSay() => Assert.That(
        Partitioner.Warnings(new PartitionerOptions { Hash = HashFunction.Crc32, Members = Members.Equal(1) }), Is.Empty);

    private static IReadOnlyList<string> Ketama(HashFunction hash) => Partitioner.Warnings(new PartitionerOptions { Hash = hash, Members = Members.Equal(4) });

    private static IReadOnlyList<string> Modula(HashFunction hash, int weight) =>
        Partitioner.Warnings(new PartitionerOptions { Distribution = Distribution.Modula, Hash = hash, Members = Members.Weighted(weight, 1) });
}
