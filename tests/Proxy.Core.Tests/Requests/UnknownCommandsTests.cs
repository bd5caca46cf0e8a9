using System.Text;
using NUnit.Framework;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Core.Tests.Requests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UnknownCommandsTests
{
    private const string Unknown = "-ERR unknown command 'mod.size', with args beginning with: \r\n";

    private readonly TaskCompletionSource _asked = new();

    [Test]
    public void CommandThatNobodyKnowsYet_WaitsUntilTheServersWereAsked()
    {
        var pool = new TestPool(Pools.Model("s1")) { CommandsAsked = _asked.Task };
        var client = new TestClient(pool);

        Assert.That(client.Request("mod.size"), Is.False);
        Assert.That((client.MayTakeRequest, client.TakeSent()), Is.EqualTo((false, "")));
        Learn(pool, "mod.size");
        _asked.SetResult();
        pool.RunAll();

        Assert.That(client.MayTakeRequest, Is.True);
        Assert.That(client.Request("mod.size"), Is.True);
        Assert.That(client.TakeSent(), Is.Not.EqualTo(Unknown), "it is under way");
    }

    [Test]
    public void CommandThatNobodyKnowsAfterwards_IsUnknown()
    {
        var pool = new TestPool { CommandsAsked = _asked.Task };
        var client = new TestClient(pool);
        client.Request("mod.size");

        _asked.SetResult();
        pool.RunAll();
        Assert.That(client.Request("mod.size"), Is.True);

        Assert.That(client.TakeSent(), Is.EqualTo(Unknown));
    }

    [Test]
    public void CommandBeforeLogin_AsksNobody()
    {
        var pool = new TestPool(Pools.Model() with { Password = Encoding.ASCII.GetBytes("secret") }) { CommandsAsked = _asked.Task };
        var client = new TestClient(pool);

        Assert.That(client.Request("mod.size"), Is.True);

        Assert.That(client.TakeSent(), Is.EqualTo(Unknown));
    }

    [Test]
    public void LearntCommandBeforeLogin_NeedsIt()
    {
        var pool = new TestPool(Pools.Model() with { Password = Encoding.ASCII.GetBytes("secret") });
        Learn(pool, "mod.size");
        var client = new TestClient(pool);

        client.Request("mod.size");

        Assert.That(client.TakeSent(), Is.EqualTo("-NOAUTH Authentication required.\r\n"));
    }

    // Every modern client sends this one when it connects.
    [Test]
    public void SubcommandThatIsNotTakenFromServers_AsksNobody()
    {
        var client = new TestClient(new TestPool { CommandsAsked = _asked.Task });

        Assert.That(client.Request("CLIENT MAINT_NOTIFICATIONS"), Is.True);

        Assert.That(client.TakeSent(), Is.EqualTo("-ERR unknown subcommand 'MAINT_NOTIFICATIONS'. Try CLIENT HELP.\r\n"));
    }

    [Test]
    public void UnknownCommandInATransaction_AbortsIt()
    {
        var client = new TestClient(new TestPool());

        client.Request("MULTI");
        client.Request("mod.size");
        client.Request("EXEC");

        Assert.That(client.TakeSent(), Is.EqualTo($"+OK\r\n{Unknown}-EXECABORT Transaction discarded because of previous errors.\r\n"));
    }

    [Test]
    public void LearntCommandWithoutKeys_OfSeveralServersIsNotSupported()
    {
        var pool = new TestPool();
        Learn(pool, "mod.size");
        var client = new TestClient(pool);

        client.Request("mod.size");

        Assert.That(client.TakeSent(), Is.EqualTo("-ERR command 'mod.size' is not supported by this proxy\r\n"));
    }

    [Test]
    public void LearntCommand_MayBeDenied()
    {
        var pool = new TestPool(Pools.Model() with { DenyCommands = ["mod.size"] });
        Learn(pool, "mod.size");
        var client = new TestClient(pool);

        client.Request("MOD.SIZE");

        Assert.That(client.TakeSent(), Does.StartWith("-NOPERM").And.Contain("'mod.size'"));
    }

    [Test]
    public void CommandsReplyOfSeveralServers_WaitsUntilTheyWereAsked()
    {
        var pool = new TestPool { ServersAsked = _asked.Task };
        var client = new TestClient(pool);

        Assert.That(client.Request("COMMAND COUNT"), Is.False);
        Learn(pool, "mod.size");
        _asked.SetResult();
        pool.RunAll();
        client.Request("COMMAND COUNT");

        Assert.That(client.TakeSent(), Is.EqualTo(":241\r\n"));
    }

    private static void Learn(TestPool pool, string name) =>
        pool.Pool.Learn(pool.Pool.Snapshot.Shards[0].Primary, CommandReport.Of([new CommandRow(name, -1) { Flags = CommandFlags.ReadOnly }]));
}
