using System.Text;
using NUnit.Framework;
using Proxy.Core.Metrics;

namespace Proxy.Core.Tests.Requests.Sessions;

/// <summary>What stands in the way of requests, and in which order it is looked at.</summary>
public sealed class GuardedRouterTests
{
    private const string NoAuth = "-NOAUTH Authentication required.\r\n";

    [TestCase("NOSUCH", "-ERR unknown command 'NOSUCH', with args beginning with: \r\n")]
    [TestCase("CLIENT NOSUCH", "-ERR unknown subcommand 'NOSUCH'. Try CLIENT HELP.\r\n")]
    [TestCase("GET", "-ERR wrong number of arguments for 'get' command\r\n")]
    [TestCase("GET a", NoAuth)]
    [TestCase("PING", NoAuth)]
    [TestCase("SELECT 1", NoAuth)]
    [TestCase("SWAPDB 0 1", NoAuth)]
    [TestCase("CLIENT REPLY OFF", NoAuth)]
    [TestCase("FLUSHALL", NoAuth)]
    [TestCase("AUTH wrong", "-WRONGPASS invalid username-password pair or user is disabled.\r\n")]
    [TestCase("AUTH secret", "+OK\r\n")]
    [TestCase("RESET", "+RESET\r\n")]
    [TestCase("QUIT", "+OK\r\n")]
    public void BeforeLogin_OnlyWhatRedisAllowsGetsThrough(string request, string reply)
    {
        var client = new TestClient(new TestPool(Pools.Model() with { Password = Encoding.ASCII.GetBytes("secret") }));

        client.Request(request);

        Assert.That(client.TakeSent(), Is.EqualTo(reply));
    }

    [Test]
    public void HelloBeforeLogin_SaysHowToLogIn()
    {
        var client = new TestClient(new TestPool(Pools.Model() with { Password = Encoding.ASCII.GetBytes("secret") }));

        client.Request("HELLO 3");
        Assert.That(client.TakeSent(), Does.StartWith("-NOAUTH HELLO must be called with the client already authenticated"));
        Assert.That(client.RespVersion, Is.EqualTo(2));
        client.Request("HELLO 3 AUTH default secret");

        Assert.That(client.TakeSent(), Does.StartWith("%7\r\n"));
        Assert.That(client.IsAuthenticated, Is.True);
    }

    [TestCase("", "PING", "+PONG\r\n")]
    [TestCase("CLIENT REPLY OFF", "PING|NOSUCH|GET|CLIENT REPLY BAD|SELECT 99|CLIENT REPLY SKIP|PING", "")]
    [TestCase("CLIENT REPLY OFF", "PING|CLIENT REPLY ON|PING", "+OK\r\n+PONG\r\n")]
    [TestCase("CLIENT REPLY OFF", "PING|RESET|PING", "+RESET\r\n+PONG\r\n")]
    [TestCase("CLIENT REPLY SKIP", "PING|PING", "+PONG\r\n")]
    [TestCase("CLIENT REPLY SKIP", "NOSUCH|PING", "+PONG\r\n")]
    [TestCase("CLIENT REPLY SKIP", "CLIENT REPLY SKIP|PING|PING", "+PONG\r\n")]
    [TestCase("CLIENT REPLY SKIP", "CLIENT REPLY ON|PING", "+OK\r\n+PONG\r\n")]
    [TestCase("CLIENT REPLY SKIP", "CLIENT REPLY OFF|PING|CLIENT REPLY ON", "+OK\r\n")]
    [TestCase("CLIENT REPLY SKIP", "RESET|PING", "+PONG\r\n")]
    [TestCase("CLIENT REPLY SKIP", "CLIENT REPLY BAD|PING", "+PONG\r\n")]
    public void RepliesThatTheClientDoesNotWant_AreNotSent(string mode, string requests, string replies)
    {
        var client = new TestClient(new TestPool());
        if (mode.Length > 0)
        {
            client.Request(mode);
        }

        foreach (var request in requests.Split('|'))
        {
            client.Request(request);
        }

        Assert.That(client.TakeSent(), Is.EqualTo(replies));
        Assert.That((client.Replies.Count, client.EarlyBytes), Is.EqualTo((0, 0)));
    }

    [Test]
    public void SkippedRequestThatHasToComeAgain_IsStillTheOneThatIsSkipped()
    {
        var client = new TestClient(new TestPool());
        var before = client.Pending.Begin(client, command: null);
        client.Request("CLIENT REPLY SKIP");

        Assert.That(client.Request("RESET"), Is.False);
        before.Append("+1\r\n"u8);
        before.Finish();
        Assert.That(client.Request("RESET"), Is.True);
        client.Request("PING");

        Assert.That(client.TakeSent(), Is.EqualTo("+1\r\n+PONG\r\n"));
    }

    [TestCase("SELECT 1")]
    [TestCase("HELLO 3")]
    [TestCase("RESET")]
    public void RequestThatChangesTheWayOfOthers_WaitsForThoseBefore(string request)
    {
        var client = new TestClient(new TestPool());
        var before = client.Pending.Begin(client, command: null);

        Assert.That(client.Request(request), Is.False);
        Assert.That((client.Replies.Count, client.MayTakeRequest), Is.EqualTo((1, false)));
        before.Finish();

        Assert.That(client.MayTakeRequest, Is.True);
        Assert.That(client.Request(request), Is.True);
        Assert.That(client.TakeSent(), Does.Match("^[+%]"));
    }

    [TestCase("SELECT 0", "+OK")]
    [TestCase("SELECT 16", "-ERR DB index")]
    [TestCase("SELECT x", "-ERR value")]
    [TestCase("HELLO", "*14")]
    [TestCase("HELLO 2", "*14")]
    [TestCase("HELLO 4", "-NOPROTO")]
    public void RequestThatChangesNothing_WaitsForNobody(string request, string reply)
    {
        var client = new TestClient(new TestPool());
        var before = client.Pending.Begin(client, command: null);

        Assert.That(client.Request(request), Is.True);

        before.Finish();
        Assert.That(client.TakeSent(), Does.StartWith(reply));
    }

    [Test]
    public void FirstSelect_WaitsUntilTheServersWereAsked()
    {
        var answers = new TaskCompletionSource();
        var pool = new TestPool { ServersAsked = answers.Task };
        var client = new TestClient(pool);

        Assert.That(client.Request("SELECT 5"), Is.False);
        Assert.That(client.MayTakeRequest, Is.False);
        pool.Pool.Snapshot.Shards[0].Primary.Facts = new Core.Topology.ServerFacts("7.0.15", IsCluster: false, Databases: 4);
        answers.SetResult();
        pool.RunAll();

        Assert.That(client.MayTakeRequest, Is.True);
        Assert.That(client.Request("SELECT 5"), Is.True);
        Assert.That(client.TakeSent(), Is.EqualTo("-ERR DB index is out of range\r\n"));
    }

    [Test]
    public void SelectOfAPoolWithOneDatabase_IsRefusedAsInACluster()
    {
        var pool = new TestPool();
        pool.Pool.Snapshot.Shards[0].Primary.Facts = new Core.Topology.ServerFacts("7.0.15", IsCluster: true, Databases: 16);
        var client = new TestClient(pool);

        client.Request("SELECT 1");
        client.Request("SELECT 0");

        Assert.That(client.TakeSent(), Is.EqualTo("-ERR SELECT is not allowed in cluster mode\r\n+OK\r\n"));
    }

    [Test]
    public void Reset_TakesEverythingBack()
    {
        var client = new TestClient(new TestPool(Pools.Model() with { Password = Encoding.ASCII.GetBytes("secret"), Database = 2 }));
        foreach (var request in new[] { "HELLO 3 AUTH default secret SETNAME me", "SELECT 5", "CLIENT SETINFO LIB-NAME lib", "CLIENT REPLY OFF" })
        {
            client.Request(request);
        }

        client.TakeSent();
        client.Request("RESET");

        Assert.That((client.RespVersion, client.Database, client.IsAuthenticated), Is.EqualTo((2, 2, false)));
        Assert.That((client.Identity.Name.Length, client.Identity.LibraryName.Length), Is.EqualTo((0, 3)));
        Assert.That(client.TakeSent(), Is.EqualTo("+RESET\r\n"));
    }

    [Test]
    public void DeniedCommand_IsRefusedBehindTheGateToo()
    {
        var client = new TestClient(new TestPool(Pools.Model() with { DenyCommands = ["swapdb"] }));
        client.Request("CLIENT REPLY SKIP");
        client.Request("SWAPDB 0 1");
        client.Request("SWAPDB 0 1");

        Assert.That(client.TakeSent(), Does.StartWith("-NOPERM"));
        Assert.That(client.Counters.RequestErrors[RequestErrorReason.Denied], Is.EqualTo(2));
    }
}
