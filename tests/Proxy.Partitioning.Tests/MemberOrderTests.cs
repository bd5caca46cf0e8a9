using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class MemberOrderTests
{
    [Test]
    public void ShorterNamesComeFirst_ThenByBytes() =>
        Assert.That(Ordered("zeta", "b", "alpha10", "alpha2", "B", "beta"), Is.EqualTo(new[] { "B", "b", "beta", "zeta", "alpha2", "alpha10" }));

    [Test]
    public void NamesOutsideAscii_CountInBytesOfUtf8() => Assert.That(Ordered("é", "zz", "x", "éa"), Is.EqualTo(new[] { "x", "zz", "é", "éa" }));

    [Test]
    public void MembersNotLive_AreLeftOut()
    {
        var options = new PartitionerOptions { Members = Members.Named("c", "b", "a"), Live = [true, false, true] };

        Assert.That(MemberOrder.Live(options), Is.EqualTo(new[] { 2, 0 }));
    }

    private static IEnumerable<string> Ordered(params string[] names) =>
        MemberOrder.Live(new PartitionerOptions { Members = Members.Named(names) }).Select(i => names[i]);
}
