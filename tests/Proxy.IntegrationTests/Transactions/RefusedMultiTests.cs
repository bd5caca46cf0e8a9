using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transactions;

/// <summary>A server that refuses MULTI or EXEC runs nothing of a transaction, and the connection stays good for others.</summary>
public sealed class RefusedMultiTests
{
    [TestCase("MULTI", "-EXECABORT Transaction discarded because of: ERR unknown command 'MULTI', with args beginning with: \r\n")]
    [TestCase("EXEC", "-EXECABORT Transaction discarded because of: ERR unknown command 'EXEC', with args beginning with: \r\n")]
    public void ServerWithoutTheCommand_RunsNothing(string renamed, string reply)
    {
        using var server = RedisServer.Start("--rename-command", renamed, "");
        using var proxy = ProxyProcess.Start(RedisTopology.File([server.Address]) with { Keys = ["threads: 1"] });
        using var client = proxy.Connect();
        using var other = proxy.Connect();
        for (var i = 0; i < 3; i++)
        {
            client.Call("MULTI");
            client.Call("SET", "key:1", "v");

            Assert.That(client.Call("EXEC"), Is.EqualTo(reply));
            Assert.That(other.Call("GET", "key:1"), Is.EqualTo("$-1\r\n"));
        }
    }

    [Test]
    public void ServerWithNeitherExecNorDiscard_LeavesNobodyInATransaction()
    {
        using var server = RedisServer.Start("--rename-command", "EXEC", "", "--rename-command", "DISCARD", "");
        using var proxy = ProxyProcess.Start(RedisTopology.File([server.Address]) with { Keys = ["threads: 1"] });
        using var client = proxy.Connect();
        client.Call("MULTI");
        client.Call("SET", "key:1", "v");

        Assert.That(client.Call("EXEC"), Does.StartWith("-EXECABORT Transaction discarded because of: ERR unknown command 'EXEC'"));
        Assert.That(client.Call("SET", "key:1", "w"), Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void CommandThatTheServerRefusesToQueue_IsTheReason()
    {
        using var server = RedisServer.Start("--rename-command", "LPUSH", "");
        using var proxy = ProxyProcess.Start(RedisTopology.File([server.Address]));
        using var client = proxy.Connect();
        client.Call("MULTI");
        client.Call("SET", "key:1", "v");
        client.Call("LPUSH", "key:2", "v");

        Assert.That(client.Call("EXEC"), Does.StartWith("-EXECABORT Transaction discarded because of: ERR unknown command 'LPUSH'"));
        Assert.That(client.Call("GET", "key:1"), Is.EqualTo("$-1\r\n"));
    }
}
