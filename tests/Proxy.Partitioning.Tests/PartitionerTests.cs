using System.Text;
using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class PartitionerTests
{
    [Test]
    public void Text_RoutesAsItsUtf8()
    {
        var partitioner = Partitioner.Create(new PartitionerOptions { Hash = HashFunction.Murmur, Members = Members.Equal(50) });
        string[] keys = ["", "key", "ключ-é🙂", new string('é', 84), new string('é', 85), new string('x', 5000)];

        Assert.That(keys.Select(partitioner.Route), Is.EqualTo(keys.Select(key => partitioner.Route(Encoding.UTF8.GetBytes(key)))));
    }

    [Test]
    public void Index_IsInTheCallersOrder()
    {
        var names = new[] { "zeta", "b", "alpha10", "alpha2" };
        var forth = Partitioner.Create(new PartitionerOptions { Members = Members.Named(names) });
        var back = Partitioner.Create(new PartitionerOptions { Members = Members.Named([.. names.Reverse()]) });
        var keys = Enumerable.Range(0, 1000).Select(i => $"{i * 7919}").ToArray();

        Assert.That(keys.Select(key => 3 - back.Route(key)), Is.EqualTo(keys.Select(forth.Route)));
    }
}
