using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class LiveMembersTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 500).Select(i => $"key-{i}")];

    [TestCase(Distribution.Ketama)]
    [TestCase(Distribution.Modula)]
    [TestCase(Distribution.Random)]
    public void EjectedMember_GetsNoKey(Distribution distribution) =>
        Assert.That(Keys.Select(Create(distribution, true, false, true).Route), Does.Not.Contain(1).And.Contain(0).And.Contain(2));

    [TestCase(Distribution.Ketama)]
    [TestCase(Distribution.Modula)]
    [TestCase(Distribution.Random)]
    public void NobodyLive_NobodyTakesTheKey(Distribution distribution) =>
        Assert.That(Create(distribution, false, false, false).Route("key"), Is.EqualTo(-1));

    [TestCase(Distribution.Ketama)]
    [TestCase(Distribution.Modula)]
    [TestCase(Distribution.Random)]
    public void OnlyMemberEjected_NobodyTakesTheKey(Distribution distribution) => Assert.That(Create(distribution, false).Route("key"), Is.EqualTo(-1));

    [Test]
    public void EqualMemberOfTheRingEjected_OnlyItsKeysMove()
    {
        var all = Create(Distribution.Ketama, true, true, true);
        var rest = Create(Distribution.Ketama, true, false, true);

        Assert.That(Keys.Where(key => all.Route(key) != 1 && all.Route(key) != rest.Route(key)), Is.Empty);
    }

    [Test]
    public void Slots_StayAtTheirOwner()
    {
        var options = new PartitionerOptions { Distribution = Distribution.Slots, Members = Members.Equal(3) };

        Assert.That(
            Keys.Select(Partitioner.Create(options with { Live = [true, false, true] }).Route),
            Is.EqualTo(Keys.Select(Partitioner.Create(options).Route)));
    }

    [Test]
    public void Ranges_StayAtTheirOwner()
    {
        var options = new PartitionerOptions { Distribution = Distribution.Range, Members = Members.Equal(2), Bounds = [100], Live = [false, true] };

        Assert.That(Partitioner.Create(options).Route("key-5"), Is.Zero);
    }

    private static Partitioner Create(Distribution distribution, params bool[] live) =>
        Partitioner.Create(new PartitionerOptions { Distribution = distribution, Members = Members.Equal(live.Length), Live = live });
}
