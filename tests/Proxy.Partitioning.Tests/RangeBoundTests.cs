using System.Numerics;
using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class RangeBoundTests
{
    [Test]
    public void SameBytes_AreEqualWhereverTheyCameFrom()
    {
        RangeBound[] bounds = ["20", 20, new BigInteger(20), "20"u8.ToArray()];

        Assert.That(bounds, Is.All.EqualTo(bounds[0]));
        Assert.That(bounds.Select(bound => bound.GetHashCode()).Distinct(), Has.Exactly(1).Items);
    }

    [Test]
    public void OtherBytes_Differ() => Assert.That((RangeBound)"20" != (RangeBound)"020", Is.True);

    [Test]
    public void Text_IsWhatWasGiven() => Assert.That(((RangeBound)"grün").ToString(), Is.EqualTo("grün"));
}
