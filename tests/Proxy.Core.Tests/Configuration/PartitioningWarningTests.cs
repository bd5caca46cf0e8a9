using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration;

[TestFixture]
internal sealed class PartitioningWarningTests
{
    private const string Unnamed = "servers:\n  - 127.0.0.1:7001:1\n  - 127.0.0.1:7002:1 b\n  - 127.0.0.1:7003:1";

    [Test]
    public void WhatThePartitionerSays_StandsAtTheDistribution() =>
        Assert.That(
            Loading.Warnings(PoolText.With("hash: crc32\ndistribution: ketama")),
            Is.EqualTo(new[]
            {
                "4:19: warning: pools.p.distribution: hash crc32 has only 15 bits, so with distribution ketama nearly all keys go to one server; crc32a has 32 bits",
            }));

    [Test]
    public void WhatThePartitionerSays_WithoutDistribution_StandsAtThePool() =>
        Assert.That(Loading.Warnings(PoolText.With("hash: crc32")).Single(), Does.StartWith("2:3: warning: pools.p: hash crc32"));

    [TestCase("ketama")]
    [TestCase("modula")]
    public void UnnamedServersWhoseNamesCount_AreWarnedOf(string distribution) =>
        Assert.That(
            Loading.PoolWarnings($"distribution: {distribution}\n{Unnamed}"),
            Is.EqualTo(new[]
            {
                "pools.p.servers: 2 of 3 servers have no name, so that their addresses decide where keys go: moving one elsewhere moves keys",
            }));

    [Test]
    public void UnnamedServersInSlots_AreFine() => Assert.That(Loading.PoolWarnings($"distribution: slots\n{Unnamed}"), Is.Empty);

    [Test]
    public void OneUnnamedServer_IsFine() => Assert.That(Loading.PoolWarnings("servers:\n  - 127.0.0.1:7001:1"), Is.Empty);

    [Test]
    public void WeightsBeyondWhatAPartitionerCounts_AreAnError() =>
        Assert.That(
            Loading.PoolErrors("servers:\n  - a:1:2147483647 a\n  - a:2:2147483647 b\n  - a:3:2 c"),
            Is.EqualTo(new[] { "pools.p: the weights of the servers add up to more than 4294967295" }));
}
