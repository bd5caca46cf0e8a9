using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class SlotsPartitionerTests
{
    // As CLUSTER KEYSLOT answers.
    [TestCase("123456789", 0x31C3)]
    [TestCase("foo", 12182)]
    [TestCase("bar", 5061)]
    [TestCase("{user1000}.following", 3443)]
    [TestCase("{user1000}.followers", 3443)]
    [TestCase("foo{}{bar}", 8363)]
    [TestCase("foo{{bar}}zap", 4015)]
    [TestCase("foo{bar}{zap}", 5061)]
    [TestCase("", 0)]
    public void Key_HasRedisClustersSlot(string key, int slot) => Assert.That(KeySlot.Of(System.Text.Encoding.ASCII.GetBytes(key)), Is.EqualTo(slot));

    [Test]
    public void ThreeMembers_ShareAsRedisCliDealsThem() => Assert.That(
        Enumerable.Range(0, 3).Select(i => SlotsPartitioner.EvenShare(i, 3)),
        Is.EqualTo(new[] { new SlotRange(0, 5460), new SlotRange(5461, 10922), new SlotRange(10923, 16383) }));

    [Test]
    public void EvenShares_CoverEverySlotOnceAndDifferByOneAtMost([Range(1, 50)] int members)
    {
        var shares = Enumerable.Range(0, members).Select(i => SlotsPartitioner.EvenShare(i, members)).ToArray();

        Assert.That(shares.SelectMany(share => Enumerable.Range(share.First, share.Last - share.First + 1)), Is.EqualTo(Enumerable.Range(0, KeySlot.Count)));
        Assert.That(shares.Max(share => share.Last - share.First) - shares.Min(share => share.Last - share.First), Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void MoreMembersThanSlots_SomeGetNone()
    {
        var partitioner = Partitioner.Create(new PartitionerOptions { Distribution = Distribution.Slots, Members = Members.Equal(20000) });

        Assert.That(partitioner.Route("foo"), Is.InRange(0, 19999));
    }

    [Test]
    public void GivenSlots_DecideByThem()
    {
        // foo is in slot 12182, bar in 5061.
        var partitioner = Create([[new SlotRange(12182, 12182)], [new SlotRange(0, 12181), new SlotRange(12183, 16383)]]);

        Assert.That(new[] { "foo", "bar" }.Select(partitioner.Route), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void OtherHashTag_ReplacesBraces()
    {
        var options = new PartitionerOptions { Distribution = Distribution.Slots, HashTag = new HashTag((byte)'<', (byte)'>'), Members = Members.Equal(4096) };
        var partitioner = Partitioner.Create(options);

        Assert.That(partitioner.Route("{x}<foo>{y}"), Is.EqualTo(partitioner.Route("foo")));
        Assert.That(partitioner.Route("{foo}"), Is.Not.EqualTo(partitioner.Route("foo")));
    }

    [TestCase("0-8191", 0, 8191)]
    [TestCase("16383", 16383, 16383)]
    [TestCase("5-5", 5, 5)]
    public void SlotRange_IsRead(string text, int first, int last)
    {
        Assert.That(SlotRange.TryParse(text, out var range), Is.True);
        Assert.That(range, Is.EqualTo(new SlotRange(first, last)));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("-1")]
    [TestCase("1-")]
    [TestCase("2-1")]
    [TestCase("0-16384")]
    [TestCase("1-2-3")]
    [TestCase(" 1")]
    [TestCase("99999999999")]
    public void OtherSlotRanges_Rejected(string? text) => Assert.That(SlotRange.TryParse(text, out _), Is.False);

    [TestCase(0, 8191, "0-8191")]
    [TestCase(7, 7, "7")]
    public void SlotRange_IsWrittenAsItIsRead(int first, int last, string text) => Assert.That(new SlotRange(first, last).ToString(), Is.EqualTo(text));

    private static Partitioner Create(SlotRange[][] slots) =>
        Partitioner.Create(new PartitionerOptions { Distribution = Distribution.Slots, Members = Members.Equal(slots.Length), Slots = slots });
}
