using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Binding;

[TestFixture]
internal sealed class ServersBinderTests
{
    [Test]
    public void Accepts_MapsBesideLines()
    {
        var pool = Loading.Pool("servers:\n  - 127.0.0.1:7001:2 a\n  - name: b\n    master: 127.0.0.1:7002\n    weight: 3");

        Assert.That(
            pool.Servers.Select(server => (server.Name, server.Address.Text, server.Weight)),
            Is.EqualTo(new[] { ("a", "127.0.0.1:7001", 2), ("b", "127.0.0.1:7002", 3) }));
    }

    [TestCase("127.0.0.1:7002", "127.0.0.1:7002")]
    [TestCase("127.0.0.1:11211", "127.0.0.1")]
    [TestCase("/tmp/r.sock", "/tmp/r.sock:")]
    public void Accepts_MapWithoutName_WhichHasTheNameOfALine(string master, string name) =>
        Assert.That(Loading.Pool($"servers:\n  - master: {master}").Servers.Single().Name, Is.EqualTo(name));

    [Test]
    public void Accepts_MapWithABlankInTheName() =>
        Assert.That(Loading.Pool("servers:\n  - name: the first\n    master: a:1").Servers.Single().Name, Is.EqualTo("the first"));

    [Test]
    public void Rejects_Replicas() =>
        Assert.That(
            Loading.PoolErrors("servers:\n  - name: b\n    master: 127.0.0.1:7002\n    replicas: [127.0.0.1:7003]"),
            Is.EqualTo(new[] { "pools.p.servers[0].replicas: directive \"replicas\" is not supported yet by this version: only masters are used" }));

    [Test]
    public void Rejects_MapWithoutMaster() =>
        Assert.That(
            Loading.PoolErrors("servers:\n  - 127.0.0.1:7001:1 a\n  - name: b"),
            Is.EqualTo(new[] { "pools.p.servers[1]: directive \"master:\" is missing" }));

    [TestCase("127.0.0.1", "has an invalid \"hostname:port\" format string: '127.0.0.1'")]
    [TestCase("127.0.0.1:0", "has an invalid port in \"hostname:port\" format string: '127.0.0.1:0'")]
    public void Rejects_MasterThatIsNoAddress(string master, string reason) =>
        Assert.That(
            Loading.PoolErrors($"servers:\n  - master: {master}"),
            Is.EqualTo(new[] { $"pools.p.servers[0].master: directive \"master\" {reason}" }));

    [Test]
    public void Rejects_WeightZeroInAMap() =>
        Assert.That(
            Loading.PoolErrors("servers:\n  - master: 127.0.0.1:1\n    weight: 0"),
            Is.EqualTo(new[] { "pools.p.servers[0].weight: directive \"weight:\" cannot be 0" }));

    [Test]
    public void Rejects_UnknownKeyInAMap() =>
        Assert.That(
            Loading.PoolErrors("servers:\n  - mastr: 127.0.0.1:1\n    master: 127.0.0.1:1"),
            Is.EqualTo(new[] { "pools.p.servers[0].mastr: directive \"mastr\" is unknown (did you mean 'master'?)" }));

    [Test]
    public void Rejects_ListAsAServer() =>
        Assert.That(
            Loading.PoolErrors("servers:\n  - [a, b]"),
            Is.EqualTo(new[]
            {
                "pools.p.servers[0]: directive \"servers\" has an element that is neither \"hostname:port:weight [name]\" nor a map with master: and name:",
            }));

    [Test]
    public void Rejects_EveryBrokenServer() =>
        Assert.That(
            Loading.Errors(PoolText.With("servers:\n  - 127.0.0.1:0:1 a\n  - 127.0.0.1:7001:1 b\n  - 127.0.0.1:7001:0 c")),
            Is.EqualTo(new[]
            {
                "4:9: pools.p.servers[0]: directive \"servers\" has an invalid port in \"hostname:port:weight [name]\" format string: '127.0.0.1:0:1 a'",
                "6:9: pools.p.servers[2]: directive \"servers\" has a zero weight in \"hostname:port:weight [name]\" format string: '127.0.0.1:7001:0 c'",
            }));
}
