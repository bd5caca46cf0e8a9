using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class ModulaPartitionerTests
{
    // hash crc32a of "123456789" is 0xCBF43926 = 3421780262
    private static readonly byte[] Key = "123456789"u8.ToArray();

    [Test]
    public void EqualWeights_RemainderIsThePlaceInTwemproxysOrder()
    {
        // 3421780262 % 3 = 2: the third in the order b, zeta, alpha is alpha.
        Assert.That(Route(Members.Named("alpha", "zeta", "b")), Is.EqualTo(0));
    }

    [TestCase(5, 5, 1, Description = "remainder 2 of 10 falls among the first five")]
    [TestCase(2, 3, 2, Description = "remainder 2 of 5 is the first of the second member")]
    [TestCase(3, 2, 1, Description = "remainder 2 of 5 is the last of the first member")]
    public void Weights_DealRemaindersInOrder(int first, int second, int place) =>
        Assert.That(Route(Members.Weighted(first, second)), Is.EqualTo(place - 1));

    [Test]
    public void RandomWeights_AgreeWithATable()
    {
        var random = new Random(7);
        var members = Members.Weighted([.. Enumerable.Range(0, 9).Select(_ => random.Next(1, 20))]);
        var table = members.SelectMany((member, i) => Enumerable.Repeat(i, member.Weight)).ToArray();
        var partitioner = Partitioner.Create(new PartitionerOptions { Distribution = Distribution.Modula, Hash = HashFunction.Murmur, Members = members });
        var keys = Enumerable.Range(0, 2000).Select(i => $"key-{i}").ToArray();

        var expected = keys.Select(key => table[HashFunctions.Compute(HashFunction.Murmur, System.Text.Encoding.ASCII.GetBytes(key)) % (uint)table.Length]);

        Assert.That(keys.Select(partitioner.Route), Is.EqualTo(expected));
    }

    [Test]
    public void LargestWeights_Work() => Assert.That(Route(Members.Weighted(2147483647, 2147483647)), Is.EqualTo(1));

    private static int Route(PartitionMember[] members) => Partitioner
        .Create(new PartitionerOptions { Distribution = Distribution.Modula, Hash = HashFunction.Crc32a, Members = members })
        .Route(Key);
}
