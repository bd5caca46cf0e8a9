using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class OptionsValidationTests
{
    private static readonly PartitionerOptions Slots = new() { Distribution = Distribution.Slots, Members = Members.Equal(2) };
    private static readonly PartitionerOptions Range = new() { Distribution = Distribution.Range, Members = Members.Equal(3) };

    [Test]
    public void Rejects_NoServers() => Rejects(new() { Members = [] }, "there are no servers");

    [Test]
    public void Rejects_EmptyName() => Rejects(new() { Members = Members.Named("a", "") }, "a server has an empty name");

    [Test]
    public void Rejects_SameName() => Rejects(new() { Members = Members.Named("a", "b", "a") }, "two servers have the same name 'a'");

    [Test]
    public void Rejects_WeightBelowOne() => Rejects(new() { Members = Members.Weighted(1, 0) }, "server 'server2' has the weight 0, and the least is 1");

    [Test]
    public void Rejects_WeightsBeyond32Bits() => Rejects(
        new() { Members = Members.Weighted(int.MaxValue, int.MaxValue, 2) }, "the weights of the servers add up to more than 4294967295");

    [Test]
    public void Rejects_LiveOfAnotherLength() => Rejects(
        new() { Members = Members.Equal(2), Live = [true] }, "there are 2 servers, but it is known of 1 whether they are live");

    [Test]
    public void Rejects_UnknownHash() => Rejects(new() { Members = Members.Equal(2), Hash = (HashFunction)99 }, "99 is not a hash function");

    [Test]
    public void Rejects_UnknownDistribution() => Rejects(new() { Members = Members.Equal(2), Distribution = (Distribution)99 }, "99 is not a distribution");

    [TestCase(Distribution.Slots, "slots")]
    [TestCase(Distribution.Range, "range")]
    public void Rejects_WeightWhereThereAreNone(Distribution distribution, string name) => Rejects(
        new() { Distribution = distribution, Members = Members.Weighted(1, 2), Bounds = [1] },
        $"distribution {name} has no weights, but server 'server2' has the weight 2");

    [Test]
    public void Rejects_SlotsForOthers() => Rejects(Slots with { Slots = [[new(0, 16383)]] }, "there are 2 servers, but slots for 1");

    [TestCase(-1, 5)]
    [TestCase(5, 4)]
    [TestCase(5, 16384)]
    public void Rejects_SlotsThatAreNone(int first, int last) => Rejects(
        Slots with { Slots = [[new(first, last)], []] }, $"slots {first}-{last} of server 'server1' are not a rising range within 0-16383");

    [Test]
    public void Rejects_OverlappingSlots() => Rejects(
        Slots with { Slots = [[new(0, 8192)], [new(8192, 16383)]] }, "slot 8192 belongs to server 'server1' and, in 8192-16383, to server 'server2'");

    [Test]
    public void Rejects_SlotsTwiceAtOneServer() => Rejects(
        Slots with { Slots = [[new(0, 5), new(5, 9)], [new(10, 16383)]] }, "slot 5 belongs to server 'server1' and, in 5-9, to server 'server1'");

    [Test]
    public void Rejects_SlotsInNobodysHands() => Rejects(Slots with { Slots = [[new(0, 99)], [new(200, 16383)]] }, "slots 100-199 belong to no server");

    [Test]
    public void Rejects_LastSlotInNobodysHands() => Rejects(Slots with { Slots = [[new(0, 99)], [new(100, 16382)]] }, "slot 16383 belongs to no server");

    [TestCase(1)]
    [TestCase(3)]
    public void Rejects_WrongNumberOfBounds(int count) => Rejects(
        Range with { Bounds = [.. Enumerable.Range(1, count).Select(i => (RangeBound)i)] }, $"3 servers need 2 bounds between them, but there are {count}");

    [Test]
    public void Rejects_NoBounds() => Rejects(Range, "3 servers need 2 bounds between them, but there are 0");

    [TestCase("1x")]
    [TestCase("")]
    [TestCase("-5")]
    public void Rejects_BoundThatIsNoNumber(string bound) => Rejects(Range with { Bounds = [bound, 20] }, $"bound '{bound}' is not a number");

    [TestCase("20", "20")]
    [TestCase("20", "020")]
    [TestCase("100", "20")]
    public void Rejects_NumbersThatDoNotRise(string first, string second) => Rejects(
        Range with { Bounds = [first, second] }, $"bounds must rise strictly, but '{second}' comes after '{first}'");

    [Test]
    public void Rejects_BytesThatDoNotRise() => Rejects(
        Range with { By = RangeBy.Bytes, Bounds = ["9", "10"] }, "bounds must rise strictly, but '10' comes after '9'");

    [Test]
    public void Rejects_UnknownRange() => Rejects(Range with { By = (RangeBy)9, Bounds = [1, 2] }, "9 is nothing that a range can go by");

    [TestCase(-1)]
    [TestCase(3)]
    public void Rejects_OtherwiseBeyondTheServers(int otherwise) => Rejects(
        Range with { Bounds = [1, 2], Otherwise = otherwise }, $"`otherwise` names server {otherwise} of 3, counted from 0");

    [Test]
    public void Rejects_OtherwiseByBytes() => Rejects(
        Range with { By = RangeBy.Bytes, Bounds = ["a", "b"], Otherwise = 0 }, "a range by bytes takes every key: `otherwise` is for a range by number");

    private static void Rejects(PartitionerOptions options, string problem)
    {
        Assert.That(() => Partitioner.Create(options), Throws.ArgumentException.With.Message.EqualTo(problem));
        Assert.That(() => Partitioner.Warnings(options), Throws.ArgumentException.With.Message.EqualTo(problem));
    }
}
