using NUnit.Framework;
using Proxy.Core.Metrics;

namespace Proxy.Core.Tests.Metrics;

[TestFixture]
internal sealed class NameOrderTests
{
    [Test]
    public void ShorterNamesComeFirst_ThenByBytes() =>
        Assert.That(Ordered("server10", "zeta", "server2", "alpha2", "b"), Is.EqualTo(new[] { "b", "zeta", "alpha2", "server2", "server10" }));

    [Test]
    public void NamesOutsideAscii_CountInBytesOfUtf8() => Assert.That(Ordered("é", "zz", "x", "éa"), Is.EqualTo(new[] { "x", "zz", "é", "éa" }));

    private static IEnumerable<string> Ordered(params string[] names) => names.Order(NameOrder.Instance);
}
