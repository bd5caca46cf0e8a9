using NUnit.Framework;
using Proxy.Core.Requests.Administration.Information;
using Proxy.Core.Tests.Requests.Administration.Joining;

namespace Proxy.Core.Tests.Requests.Administration.Information;

public sealed class InfoJoinerTests
{
    private static readonly InfoFacts Facts = new() { HasSeveralServers = false, Clients = 7, PausedClients = 0, MaxClients = 0, Port = 6380, RunId = "abc" };

    [Test]
    public void ClusterReplicaOfOthers_IsShownAsAStandaloneMaster() =>
        Assert.That(
            Show(
                Facts,
                "# Server|redis_mode:cluster|tcp_port:7001|run_id:x||# Clients|connected_clients:2|maxclients:9||# Replication|role:slave|connected_slaves:1|"
                + "slave0:ip=1|master_host:h|slave_repl_offset:5|replica_announced:1|master_failover_state:no|master_replid:r|master_repl_offset:5||# Cluster|cluster_enabled:1|"),
            Is.EqualTo(
                "# Server|redis_mode:standalone|tcp_port:6380|run_id:x||# Clients|connected_clients:7|maxclients:9||# Replication|role:master|connected_slaves:0|"
                + "master_failover_state:no|master_replid:r|master_repl_offset:5||# Cluster|cluster_enabled:0|"));

    [Test]
    public void OneOfSeveralServers_IsNotTakenForTheWhole() =>
        Assert.That(
            Show(Facts with { HasSeveralServers = true }, "# Server|redis_version:7|run_id:x|executable:/r|config_file:/c|hz:10|"),
            Is.EqualTo("# Server|redis_version:7|run_id:abc|hz:10|"));

    [Test]
    public void LimitOfClients_IsTheProxysIfItHasOne() =>
        Assert.That(Show(Facts with { MaxClients = 50 }, "# Clients|maxclients:9|"), Is.EqualTo("# Clients|maxclients:50|"));

    [Test]
    public void ClientsThatAPauseKeepsBack_AreBlocked() =>
        Assert.That(Show(Facts with { PausedClients = 2 }, "# Clients|blocked_clients:3|"), Is.EqualTo("# Clients|blocked_clients:5|"));

    [Test]
    public void SectionProxy_StandsBehindTheOthers()
    {
        var proxy = new InfoSection("Proxy");
        proxy.Fields.Add(new InfoField("proxy_version", "1"));

        Assert.That(Show(Facts with { Proxy = proxy }, "# CPU|a:1|"), Is.EqualTo("# CPU|a:1||# Proxy|proxy_version:1|proxy_servers_answered:1|"));
    }

    [Test]
    public void Version3_IsToldAVerbatimText() =>
        Assert.That(Joined.By(new InfoJoiner(Facts), 3, "=14|txt:# A\r\nx:1\r\n|"), Is.EqualTo("=14|txt:# A|x:1||"));

    [Test]
    public void ReplyThatIsNoText_CannotBeJoined() => Assert.That(Joined.By(new InfoJoiner(Facts), 2, "*0|"), Is.Null);

    private static string Show(InfoFacts facts, string text)
    {
        var reply = Joined.By(new InfoJoiner(facts), 2, $"${text.Replace("|", "\r\n", StringComparison.Ordinal).Length}|{text}|")!;
        return reply[(reply.IndexOf('|', StringComparison.Ordinal) + 1)..^1];
    }
}
