using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class SingleMemberTests
{
    [TestCase(Distribution.Ketama)]
    [TestCase(Distribution.Modula)]
    [TestCase(Distribution.Random)]
    [TestCase(Distribution.Slots)]
    public void OneMember_TakesEveryKey(Distribution distribution)
    {
        var partitioner = Partitioner.Create(new PartitionerOptions { Distribution = distribution, Members = Members.Equal(1) });

        Assert.That(new[] { "", "a", "{}", "key-7" }.Select(partitioner.Route), Is.All.Zero);
    }

    [Test]
    public void OneMemberOfARange_TakesEveryNumber()
    {
        var partitioner = Partitioner.Create(new PartitionerOptions { Distribution = Distribution.Range, Members = Members.Equal(1) });

        Assert.That(new[] { "0", "key-7", new string('9', 400) }.Select(partitioner.Route), Is.All.Zero);
    }
}
