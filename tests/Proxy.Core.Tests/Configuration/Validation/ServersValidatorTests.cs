using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class ServersValidatorTests
{
    [Test]
    public void Accepts_OneAddressUnderTwoNames() =>
        Assert.That(Loading.PoolErrors("servers:\n  - 127.0.0.1:7001:1 a\n  - 127.0.0.1:7001:1 b"), Is.Empty);

    [TestCase("- 127.0.0.1:7001:1 a", "- 127.0.0.1:7002:1 a", "a")]
    [TestCase("- 127.0.0.1:7001:1", "- 127.0.0.1:7001:2", "127.0.0.1:7001")]
    [TestCase("- 127.0.0.1:7001:1", "- 127.0.0.1:7002:1 127.0.0.1:7001", "127.0.0.1:7001")]
    [TestCase("- 127.0.0.1:11211:1", "- 127.0.0.1:011211:1", "127.0.0.1")]
    public void Rejects_ServersWithTheSameName(string one, string other, string name) =>
        Assert.That(
            Loading.Errors(PoolText.With($"servers:\n  {one}\n  {other}")),
            Is.EqualTo(new[] { $"5:9: pools.p.servers[1]: pool 'p' has servers with same name '{name}'" }));

    [Test]
    public void Rejects_NoServers() => Assert.That(Loading.PoolErrors("servers: []"), Is.EqualTo(new[] { "pools.p.servers: pool 'p' has no servers" }));
}
