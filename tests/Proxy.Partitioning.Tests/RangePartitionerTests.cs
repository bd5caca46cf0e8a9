using System.Numerics;
using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class RangePartitionerTests
{
    [TestCase("user:0", 0)]
    [TestCase("user:9999", 0)]
    [TestCase("user:10000", 1)]
    [TestCase("user:19999", 1)]
    [TestCase("user:20000", 2)]
    [TestCase("99999999999999999999999999999999999999999999999", 2)]
    [TestCase("user:0000000000000000000000000000000000000009999", 0, Description = "leading zeros do not count")]
    [TestCase("user:0000000000000000000000000000000000000010000", 1)]
    [TestCase("user:000", 0)]
    [TestCase("a15000b99999", 1, Description = "the first run of digits counts")]
    [TestCase("-15000", 1, Description = "a sign is no part of the number")]
    [TestCase("1e9", 0)]
    [TestCase("user", -1)]
    [TestCase("", -1)]
    [TestCase("user:١٥٠٠٠", -1, Description = "digits are ASCII digits")]
    public void Number_DecidesByTheBounds(string key, int member) => Assert.That(ByNumber().Route(key), Is.EqualTo(member));

    [Test]
    public void HashTag_TheNumberInsideItCounts()
    {
        var partitioner = Create(new PartitionerOptions { Members = Members.Equal(2), Bounds = [10], HashTag = HashTag.Braces });

        Assert.That(new[] { "1{20}", "20{1}", "1{x}" }.Select(partitioner.Route), Is.EqualTo(new[] { 1, 0, -1 }));
    }

    [Test]
    public void Otherwise_TakesKeysWithoutANumber()
    {
        var partitioner = Create(new PartitionerOptions { Members = Members.Equal(3), Bounds = [10, 20], Otherwise = 1 });

        Assert.That(new[] { "user", "", "5", "25" }.Select(partitioner.Route), Is.EqualTo(new[] { 1, 1, 0, 2 }));
    }

    [Test]
    public void LongNumbers_AgreeWithBigInteger()
    {
        var random = new Random(3);
        var bounds = Enumerable.Range(0, 40).Select(_ => Digits(random)).DistinctBy(BigInteger.Parse).OrderBy(BigInteger.Parse).ToArray();
        var partitioner = Create(new PartitionerOptions { Members = Members.Equal(bounds.Length + 1), Bounds = [.. bounds.Select(bound => (RangeBound)bound)] });
        var numbers = Enumerable.Range(0, 2000).Select(_ => Digits(random)).Concat(bounds).ToArray();

        var expected = numbers.Select(number => bounds.Count(bound => BigInteger.Parse(bound) <= BigInteger.Parse(number)));

        Assert.That(numbers.Select(number => partitioner.Route("k:" + number + ":x1")), Is.EqualTo(expected));
    }

    [TestCase("", 0)]
    [TestCase("apple", 0)]
    [TestCase("g", 1)]
    [TestCase("fzzzz", 0)]
    [TestCase("ga", 1)]
    [TestCase("p", 2)]
    [TestCase("P", 0, Description = "ordinal: upper case comes first")]
    [TestCase("é", 2, Description = "bytes above ASCII come last")]
    public void Bytes_DecideByTheBounds(string key, int member)
    {
        var partitioner = Create(new PartitionerOptions { Members = Members.Equal(3), By = RangeBy.Bytes, Bounds = ["g", "p"] });

        Assert.That(partitioner.Route(key), Is.EqualTo(member));
    }

    [Test]
    public void BytesWithHashTag_TheTaggedPartCounts()
    {
        var partitioner = Create(new PartitionerOptions { Members = Members.Equal(2), By = RangeBy.Bytes, Bounds = ["m"], HashTag = HashTag.Braces });

        Assert.That(new[] { "z{a}", "a{z}", "z" }.Select(partitioner.Route), Is.EqualTo(new[] { 0, 1, 1 }));
    }

    [Test]
    public void Bounds_OfEveryKindOfNumber()
    {
        var partitioner = Create(new PartitionerOptions { Members = Members.Equal(5), Bounds = [10, "0020", BigInteger.Pow(10, 40), "1"u8.ToArray().Concat(new byte[41].Select(_ => (byte)'0')).ToArray()] });

        Assert.That(new[] { "9", "19", "20", "1" + new string('0', 40), "9" + new string('9', 41) }.Select(partitioner.Route), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
    }

    private static Partitioner ByNumber() => Create(new PartitionerOptions { Members = Members.Equal(3), Bounds = [10000, 20000] });

    private static Partitioner Create(PartitionerOptions options) => Partitioner.Create(options with { Distribution = Distribution.Range });

    private static string Digits(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 45)).Select(_ => random.Next(3) == 0 ? '0' : (char)('0' + random.Next(10))));
}
