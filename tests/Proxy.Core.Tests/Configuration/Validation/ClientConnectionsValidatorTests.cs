using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class ClientConnectionsValidatorTests
{
    [Test]
    public void Accepts_LimitOfANutcrackerFile_WithAWarning() =>
        Assert.That(
            Loading.Warnings(PoolText.Nutcracker("redis: true\nclient_connections: 5")),
            Is.EqualTo(new[] { "3:23: warning: p.client_connections: directive \"client_connections\" limits the pool to 5 clients; twemproxy ignores it" }));

    [Test]
    public void Accepts_NoLimitOfANutcrackerFile() => Assert.That(Loading.Warnings(PoolText.Nutcracker("redis: true\nclient_connections: 0")), Is.Empty);

    [Test]
    public void Accepts_LimitOfOurFile() => Assert.That(Loading.PoolWarnings("client_connections: 5"), Is.Empty);
}
