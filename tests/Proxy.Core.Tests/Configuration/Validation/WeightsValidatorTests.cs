using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class WeightsValidatorTests
{
    private const string Servers = "servers:\n  - 127.0.0.1:7001:1 a\n  - 127.0.0.1:7002:2 b";

    [TestCase("ketama")]
    [TestCase("modula")]
    [TestCase("random")]
    public void Accepts_WeightsWhereTheyCount(string distribution) => Assert.That(Loading.PoolErrors($"distribution: {distribution}\n{Servers}"), Is.Empty);

    [TestCase("slots", "")]
    [TestCase("range", "\nrange:\n  bounds: [10]")]
    public void Rejects_WeightsWhereTheyDoNot(string distribution, string section) =>
        Assert.That(
            Loading.PoolErrors($"distribution: {distribution}\n{Servers}{section}"),
            Is.EqualTo(new[] { $"pools.p.servers[1]: a weight of 2 has no meaning with distribution {distribution}: write 1" }));
}
