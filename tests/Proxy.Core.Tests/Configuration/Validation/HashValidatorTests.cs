using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class HashValidatorTests
{
    [TestCase("ketama")]
    [TestCase("modula")]
    public void Accepts_HashThatIsUsed(string distribution) => Assert.That(Loading.PoolWarnings($"distribution: {distribution}\nhash: md5"), Is.Empty);

    [Test]
    public void Accepts_HashThatIsNotUsed_WithAWarning() =>
        Assert.That(
            Loading.PoolWarnings("distribution: slots\nhash: md5"),
            Is.EqualTo(new[] { "pools.p.hash: directive \"hash\" has no effect with distribution slots" }));
}
