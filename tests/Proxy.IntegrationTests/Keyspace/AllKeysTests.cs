using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Keyspace;

/// <summary>DBSIZE, RANDOMKEY, FLUSHDB and FLUSHALL over three servers.</summary>
public sealed class AllKeysTests() : TopologyTests(servers: 3)
{
    [TestCase("2")]
    [TestCase("3")]
    public void DbSize_IsTheSum(string version)
    {
        Client.Call("HELLO", version);
        Client.Call("MSET", Key(0), "a", Key(1), "b", Key(1, 1), "c", Key(2), "d");

        Assert.That(Client.Call("DBSIZE"), Is.EqualTo(":4\r\n"));
        Client.Call("SELECT", "3");
        Assert.That(Client.Call("DBSIZE"), Is.EqualTo(":0\r\n"));
    }

    [TestCase("2", "$-1\r\n")]
    [TestCase("3", "_\r\n")]
    public void RandomKeyWithoutKeys_IsNull(string version, string none)
    {
        Client.Call("HELLO", version);

        Assert.That(Client.Call("RANDOMKEY"), Is.EqualTo(none));
    }

    [Test]
    public void RandomKey_IsAnyOfAllServersAlike()
    {
        var keys = Enumerable.Range(0, 10).Select(i => Key(0, i)).Append(Key(2)).ToArray();
        Client.Call(["MSET", .. keys.SelectMany(key => new[] { key, "v" })]);

        var drawn = Enumerable.Range(0, 2000).Select(_ => Client.Call("RANDOMKEY")).GroupBy(key => key).ToDictionary(group => group.Key, group => group.Count());

        Assert.That(drawn.Keys, Is.EquivalentTo(keys.Select(RespFrame.Bulk)));

        // One in eleven: 182.
        Assert.That(drawn[RespFrame.Bulk(Key(2))], Is.EqualTo(182).Within(80));
    }

    [TestCase("FLUSHALL")]
    [TestCase("FLUSHDB")]
    [TestCase("FLUSHALL", "ASYNC")]
    [TestCase("FLUSHDB", "SYNC")]
    public void Flush_EmptiesEveryServer(params string[] request)
    {
        Client.Call("MSET", Key(0), "a", Key(1), "b", Key(2), "c");

        Assert.That(Client.Call(request), Is.EqualTo("+OK\r\n"));
        Assert.That(Servers.Select(server => server.Call("DBSIZE")), Is.All.EqualTo(":0\r\n"));
    }

    [Test]
    public void FlushDb_LeavesTheOtherDatabases()
    {
        Client.Call("MSET", Key(0), "a", Key(2), "c");
        Client.Call("SELECT", "1");
        Client.Call("MSET", Key(0), "a", Key(2), "c");

        Client.Call("FLUSHDB");

        Assert.That(Client.Call("DBSIZE"), Is.EqualTo(":0\r\n"));
        Client.Call("SELECT", "0");
        Assert.That(Client.Call("DBSIZE"), Is.EqualTo(":2\r\n"));
    }

    [Test]
    public void FlushWithAWrongWord_IsTheServersError()
    {
        Client.Call("SET", Key(1), "b");

        Assert.That(Client.Call("FLUSHALL", "NOW"), Is.EqualTo("-ERR syntax error\r\n"));
        Assert.That(Client.Call("DBSIZE"), Is.EqualTo(":1\r\n"));
    }

    [Test]
    public void Pipelined_EachSeesWhatCameBefore()
    {
        Client.Send(
        [
            .. RespFrame.Request("MSET", Key(0), "a", Key(1), "b"), .. RespFrame.Request("DBSIZE"), .. RespFrame.Request("FLUSHALL"),
            .. RespFrame.Request("DBSIZE"), .. RespFrame.Request("SET", Key(2), "c"), .. RespFrame.Request("RANDOMKEY"),
        ]);

        Assert.That(Client.ReadReplies(6), Is.EqualTo($"+OK\r\n:2\r\n+OK\r\n:0\r\n+OK\r\n{RespFrame.Bulk(Key(2))}"));
    }

    [Test]
    public void TrackingClient_IsToldOfAFlush()
    {
        Client.Call("HELLO", "3");
        Client.Call("CLIENT", "TRACKING", "ON");
        Client.Call("GET", Key(1));

        Client.SendCommand("FLUSHALL");

        var frames = Enumerable.Range(0, 2).Select(_ => Client.ReadReply()).ToList();
        Assert.That(frames, Has.Some.EqualTo("+OK\r\n"));
        Assert.That(frames, Has.Some.EqualTo(">2\r\n$10\r\ninvalidate\r\n_\r\n"));
    }

    [TestCase("DBSIZE")]
    [TestCase("RANDOMKEY")]
    [TestCase("FLUSHALL")]
    [TestCase("KEYS", "*")]
    public void InATransaction_ItIsRefused(params string[] request)
    {
        Client.Call("MULTI");

        Assert.That(Client.Call(request), Does.StartWith("-ERR "));
        Assert.That(Client.Call("EXEC"), Does.StartWith("-EXECABORT"));
    }

    [TestCase("KEYS", "*")]
    [TestCase("SCAN", "0")]
    [TestCase("RANDOMKEY")]
    [TestCase("DBSIZE")]
    [TestCase("SCRIPT", "KILL")]
    [TestCase("SCRIPT", "EXISTS", "x")]
    [TestCase("FUNCTION", "STATS")]
    public void ClientThatWantsNoReply_GetsNone(params string[] request)
    {
        Client.Call("MSET", Key(0), "a", Key(2), "c");
        Client.Send(
        [
            .. RespFrame.Request("CLIENT", "REPLY", "SKIP"), .. RespFrame.Request(request), .. RespFrame.Request("GET", Key(2)),
            .. RespFrame.Request("CLIENT", "REPLY", "OFF"), .. RespFrame.Request(request), .. RespFrame.Request("SET", Key(2), "d"),
            .. RespFrame.Request(request), .. RespFrame.Request("CLIENT", "REPLY", "ON"), .. RespFrame.Request("GET", Key(2)),
        ]);

        Assert.That(Client.ReadReplies(3), Is.EqualTo("$1\r\nc\r\n+OK\r\n$1\r\nd\r\n"));
    }

    [Test]
    public void UserWithoutTheCommand_IsRefused()
    {
        using var topology = RedisTopology.Start(2, "deny_commands: [flushall, keys]");
        using var client = topology.Connect();

        Assert.That(client.Call("FLUSHALL"), Does.StartWith("-NOPERM"));
        Assert.That(client.Call("KEYS", "*"), Does.StartWith("-NOPERM"));
        Assert.That(client.Call("FLUSHDB"), Is.EqualTo("+OK\r\n"));
    }
}
