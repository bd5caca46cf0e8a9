using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Binding;

/// <summary>The two shapes of a file: ours, and the map of pools of a nutcracker.yml.</summary>
[TestFixture]
internal sealed class ShapeTests
{
    private const string Directives =
        """
            listen: 127.0.0.1:6380
            redis: true
            servers:
              - 127.0.0.1:7001:1 a
        """;

    [Test]
    public void Accepts_PoolsAlone() => Assert.That(Loading.Model($"pools:\n  p:\n{Directives}").Pools.Single().Name, Is.EqualTo("p"));

    [Test]
    public void Accepts_PoolsAndProxy() =>
        Assert.That(Loading.Model($"proxy:\n  threads: 3\npools:\n  p:\n{Directives}").Process.Threads, Is.EqualTo(3));

    [Test]
    public void Accepts_SectionWithoutKeys() => Assert.That(Loading.Errors($"proxy:\n  log:\npools:\n  p:\n{Directives}"), Is.Empty);

    [Test]
    public void Accepts_NutcrackerFile() => Assert.That(Loading.Model($"alpha:\n{Directives}").Pools.Single().Name, Is.EqualTo("alpha"));

    [TestCase("pools")]
    [TestCase("proxy")]
    [TestCase("pool")]
    public void Accepts_NutcrackerFileWhosePoolIsCalledLikeASection(string name) =>
        Assert.That(Loading.Model($"{name}:\n{Directives}").Pools.Single().Name, Is.EqualTo(name));

    [TestCase("pools")]
    [TestCase("servers")]
    [TestCase("listen")]
    public void Accepts_PoolCalledLikeAKey(string name) =>
        Assert.That(Loading.Model($"pools:\n  {name}:\n{Directives}").Pools.Single().Name, Is.EqualTo(name));

    [TestCase("pool")]
    [TestCase("Pools")]
    [TestCase("pols")]
    public void Rejects_MisspeltPools(string word) =>
        Assert.That(
            Loading.Errors($"{word}:\n  p:\n{Directives}"),
            Is.EqualTo(new[] { $"1:1: {word}: directive \"{word}\" is unknown (did you mean 'pools'?)", "1:1: has no pools" }));

    [Test]
    public void Rejects_OtherSectionBesidePools() =>
        Assert.That(Loading.Errors($"pools:\n  p:\n{Directives}\nadmin: off"), Is.EqualTo(new[] { "7:1: admin: directive \"admin\" is unknown" }));

    [Test]
    public void Rejects_ProxyAlone() => Assert.That(Loading.Errors("proxy:\n  threads: 3"), Is.EqualTo(new[] { "1:1: has no pools" }));

    [Test]
    public void Rejects_PoolsWithoutValue() => Assert.That(Loading.Errors("pools:"), Is.EqualTo(new[] { "1:7: pools: has no pools" }));

    [Test]
    public void Rejects_List() =>
        Assert.That(
            Loading.Errors("- a"),
            Is.EqualTo(new[] { "1:1: the file has to be a map: pools: and below it the pools by name, or a nutcracker.yml" }));

    [Test]
    public void Rejects_PoolThatIsNoMap() =>
        Assert.That(
            Loading.Errors($"pools:\n  q: 1\n  p:\n{Directives}"),
            Is.EqualTo(new[] { "2:3: pools.q: 'q' has to be a pool: a map with listen: and servers:" }));

    [Test]
    public void Rejects_PoolsWithTheSameName() =>
        Assert.That(
            Loading.Errors($"pools:\n  p:\n{Directives}\n  p:\n{Directives.Replace("6380", "6381")}"),
            Is.EqualTo(new[] { "7:3: pools.p: has pools with same name 'p'" }));

    [Test]
    public void Rejects_PoolWithoutName() =>
        Assert.That(Loading.Errors($"pools:\n  \"\":\n{Directives}"), Is.EqualTo(new[] { "2:3: pools.: a pool has no name" }));

    [Test]
    public void NutcrackerFile_PathsHaveNoSection() =>
        Assert.That(Loading.Errors($"alpha:\n{Directives}\n    timeout: x"), Is.EqualTo(new[] { "6:14: alpha.timeout: directive \"timeout\" is not a number: 'x'" }));
}
