using NUnit.Framework;
using Proxy.Core.Topology;

namespace Proxy.Core.Tests.Topology;

public sealed class ServerFactsTests
{
    private const string Sixteen = "*2\r\n$9\r\ndatabases\r\n$2\r\n16\r\n";

    [Test]
    public void AnswersOfAServer_AreRead() =>
        Assert.That(ServerFacts.Read(Info("7.0.15", "standalone"), Sixteen), Is.EqualTo(new ServerFacts("7.0.15", IsCluster: false, Databases: 16)));

    [Test]
    public void ServerThatDoesNotTellItsVersion_TellsNothing() => Assert.That(ServerFacts.Read("-NOPERM\r\n", Sixteen), Is.Null);

    [TestCase("-ERR unknown command 'CONFIG'\r\n")]
    [TestCase("*0\r\n")]
    [TestCase("*2\r\n$9\r\ndatabases\r\n$1\r\nx\r\n")]
    public void ServerThatDoesNotTellItsDatabases_HasAsManyAsUsual(string databases) =>
        Assert.That(ServerFacts.Read(Info("7.0.15", "standalone"), databases)!.SelectableDatabases, Is.EqualTo(16));

    [Test]
    public void NodeOfACluster_HasOneDatabase() =>
        Assert.That(ServerFacts.Read(Info("7.0.15", "cluster"), Sixteen)!.SelectableDatabases, Is.EqualTo(1));

    [TestCase("5.0.14", false)]
    [TestCase("6.0.0", true)]
    [TestCase("10.1.0", true)]
    [TestCase("unstable", true)]
    public void Resp3_IsKnownSinceVersion6(string version, bool knowsResp3) =>
        Assert.That(ServerFacts.Read(Info(version, "standalone"), Sixteen)!.KnowsResp3, Is.EqualTo(knowsResp3));

    [Test]
    public void ServersWithFewestDatabases_DecideHowManyThePoolHas()
    {
        var pool = new TestPool(Pools.Model("a", "b", "c")).Pool;
        Assert.That(pool.Databases, Is.EqualTo(16));

        pool.Snapshot.Shards[0].Primary.Facts = new ServerFacts("7.0.15", IsCluster: false, Databases: 20);
        Assert.That(pool.Databases, Is.EqualTo(20));
        pool.Snapshot.Shards[1].Primary.Facts = new ServerFacts("7.0.15", IsCluster: false, Databases: 4);

        Assert.That(pool.Databases, Is.EqualTo(4));
    }

    [Test]
    public void OneOldServer_MakesThePoolResp2Only()
    {
        var pool = new TestPool(Pools.Model("a", "b")).Pool;
        Assert.That(pool.KnowsResp3, Is.True);

        pool.Snapshot.Shards[1].Primary.Facts = new ServerFacts("5.0.14", IsCluster: false, Databases: 16);

        Assert.That(pool.KnowsResp3, Is.False);
    }

    private static string Info(string version, string mode) =>
        $"$80\r\n# Server\r\nredis_version:{version}\r\nredis_git_sha1:00000000\r\nredis_mode:{mode}\r\nos:Linux\r\n\r\n";
}
