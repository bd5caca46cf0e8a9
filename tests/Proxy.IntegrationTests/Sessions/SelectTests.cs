using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Sessions;

/// <summary>Every client has a database of its own, on all servers.</summary>
public sealed class SelectTests() : TopologyTests(servers: 2)
{
    [TestCase("SELECT 16", "-ERR DB index is out of range\r\n")]
    [TestCase("SELECT -1", "-ERR DB index is out of range\r\n")]
    [TestCase("SELECT abc", "-ERR value is not an integer or out of range\r\n")]
    [TestCase("SELECT 01", "-ERR value is not an integer or out of range\r\n")]
    [TestCase("SELECT 3000000000", "-ERR value is out of range, value must between -2147483648 and 2147483647\r\n")]
    [TestCase("SELECT 99999999999999999999", "-ERR value is not an integer or out of range\r\n")]
    public void RefusedSelect_ChangesNothing(string command, string reply)
    {
        Client.Call("SET", Key(0), "here");

        Assert.That(Client.Call(command.Split(' ')), Is.EqualTo(reply));
        Assert.That(Servers[0].Call(command.Split(' ')), Is.EqualTo(reply), "plain Redis");
        Assert.That(Client.Call("GET", Key(0)), Is.EqualTo("$4\r\nhere\r\n"));
    }

    [Test]
    public void EachClient_SeesTheDatabaseThatItSelected()
    {
        using var other = Topology.Connect();
        Assert.That(other.Call("SELECT", "15"), Is.EqualTo("+OK\r\n"));
        Client.Call("MSET", Key(0), "first", Key(1), "first");
        other.Call("MSET", Key(0), "other", Key(1), "other");

        Assert.That(Client.Call("MGET", Key(0), Key(1)), Is.EqualTo(RespFrame.Array("first", "first")));
        Assert.That(other.Call("MGET", Key(0), Key(1)), Is.EqualTo(RespFrame.Array("other", "other")));
        Assert.That(other.Call("CLIENT", "INFO"), Does.Contain(" db=15 "));
    }

    [Test]
    public void SelectsInAPipeline_EachRequestRunsInTheOneBeforeIt()
    {
        var requests = Enumerable.Range(0, 50).SelectMany(i => new[]
        {
            RespFrame.Request("SELECT", $"{i % 16}"), RespFrame.Request("INCR", Key(i % 2)), RespFrame.Request("MSET", Key(0, 1), "x", Key(1, 1), "y"),
        });

        Client.Send([.. requests.SelectMany(request => request)]);

        var expected = Enumerable.Range(0, 50).Select(i => $"+OK\r\n:{(i / 16) + 1}\r\n+OK\r\n");
        Assert.That(Client.ReadReplies(150), Is.EqualTo(string.Concat(expected)));
    }

    [Test]
    public void RequestsInSeveralDatabasesOfASlowServer_RunInTheirOrder()
    {
        Client.Call("SELECT", "1");
        Client.Call("SELECT", "0");
        Servers[0].Pause();
        try
        {
            Client.Send([
                .. RespFrame.Request("SET", Key(0), "1"), .. RespFrame.Request("COPY", Key(0), Key(0, 1), "DB", "1"),
                .. RespFrame.Request("SELECT", "1"), .. RespFrame.Request("GET", Key(0, 1)), .. RespFrame.Request("MOVE", Key(0, 1), "0"),
                .. RespFrame.Request("SELECT", "0"), .. RespFrame.Request("GET", Key(0, 1)),
            ]);
        }
        finally
        {
            Servers[0].Resume();
        }

        Assert.That(Client.ReadReplies(7), Is.EqualTo("+OK\r\n:1\r\n+OK\r\n$1\r\n1\r\n:1\r\n+OK\r\n$1\r\n1\r\n"));
    }

    [Test]
    public void ClientsOfManyDatabases_KeepOutOfEachOthersWay()
    {
        Parallel.For(0, 16, database =>
        {
            using var client = Topology.Connect();
            client.Call("SELECT", $"{database}");
            if (database % 2 == 0)
            {
                client.Call("HELLO", "3");
            }

            for (var i = 0; i < 100; i++)
            {
                Assert.That(client.Call("INCR", Key(i % 2)), Is.EqualTo($":{(i / 2) + 1}\r\n"));
            }
        });
    }

    [Test]
    public void Swapdb_SwapsOnEveryServer()
    {
        using var other = Topology.Connect();
        other.Call("SELECT", "1");
        Client.Call("MSET", Key(0), "zero", Key(1), "zero");

        Assert.That(Client.Call("SWAPDB", "0", "1"), Is.EqualTo("+OK\r\n"));

        Assert.That(Client.Call("EXISTS", Key(0), Key(1)), Is.EqualTo(":0\r\n"));
        Assert.That(other.Call("MGET", Key(0), Key(1)), Is.EqualTo(RespFrame.Array("zero", "zero")));
    }

    [TestCase("SWAPDB 0 x", "-ERR invalid second DB index\r\n")]
    [TestCase("SWAPDB x 0", "-ERR invalid first DB index\r\n")]
    [TestCase("SWAPDB 0 99", "-ERR DB index is out of range\r\n")]
    [TestCase("SWAPDB 0", "-ERR wrong number of arguments for 'swapdb' command\r\n")]
    public void SwapdbThatRedisRefuses_IsRefusedInItsWords(string command, string reply) =>
        Assert.That(Client.Call(command.Split(' ')), Is.EqualTo(reply));

    [Test]
    public void SwapdbWithAServerDown_IsItsError()
    {
        using var topology = RedisTopology.Start(3);
        using var client = topology.Connect();
        topology.Servers[1].Kill();

        Assert.That(client.Call("SWAPDB", "0", "1"), Does.Match("^-ERR .*\\(pool main, server shard1\\)\r\n$"));
    }

    [Test]
    public void DatabaseOfThePool_IsWhereClientsBeginAndReturnTo()
    {
        using var topology = RedisTopology.Start(1, "redis_db: 2");
        using var client = topology.Connect();

        client.Call("SET", "a", "two");
        client.Call("SELECT", "0");
        Assert.That(client.Call("GET", "a"), Is.EqualTo("$-1\r\n"));
        client.Call("RESET");

        Assert.That(client.Call("GET", "a"), Is.EqualTo("$3\r\ntwo\r\n"));
        Assert.That(client.Call("CLIENT", "INFO"), Does.Contain(" db=2 "));
    }

    [TestCase("--databases", "1")]
    [TestCase("--cluster-enabled", "yes")]
    public void ServersWithOneDatabase_RefuseOthersAsAClusterDoes(params string[] options)
    {
        using var server = RedisServer.Start(options);
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address]));
        using var client = proxy.Connect();

        Assert.That(client.Call("SELECT", "1"), Is.EqualTo("-ERR SELECT is not allowed in cluster mode\r\n"));
        Assert.That(client.Call("SELECT", "0"), Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void SelectWithoutAnyServer_IsAnsweredAllTheSame()
    {
        using var proxy = ProxyProcess.Start(ProxyFile.Of([$"127.0.0.1:{FreePort.Next()}"]));
        using var client = proxy.Connect();

        Assert.That(client.Call("SELECT", "5"), Is.EqualTo("+OK\r\n"));
        Assert.That(client.Call("GET", "a"), Does.StartWith("-ERR Connection refused"));
    }

    [TestCase("timeout: 200", "-ERR Connection timed out")]
    [TestCase("server_hard_timeout: 300", "-ERR Connection timed out")]
    public void SelectBehindARequestThatIsNotAnswered_GoesOnAfterItsError(string poolKey, string error)
    {
        using var server = ScriptedServer.Answering(request => request[0] switch
        {
            "GET" when request[1] == "stalls" => null,
            "GET" => RespFrame.Bulk(request[1]),
            _ => "+OK\r\n",
        });
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address], poolKey));
        using var client = proxy.Connect();

        client.Send([.. RespFrame.Request("GET", "stalls"), .. RespFrame.Request("SELECT", "3"), .. RespFrame.Request("GET", "goes on")]);

        Assert.That(client.ReadReply(), Does.StartWith(error));
        Assert.That(client.ReadReplies(2), Is.EqualTo("+OK\r\n$7\r\ngoes on\r\n"));
    }

    [TestCase(200_000)]
    [TestCase(3_000_000)]
    public void LargeRequests_GoToTheDatabaseOfTheirClient(int length)
    {
        // One is gathered, the other goes out as it arrives, over a connection of its own.
        using var other = Topology.Connect();
        Client.Call("SET", Key(0), "0");
        Client.Call("HELLO", "3");
        var value = new string('x', length);

        Client.Send([
            .. RespFrame.Request("SELECT", "4"), .. RespFrame.Request("SET", Key(0), value), .. RespFrame.Request("STRLEN", Key(0)),
            .. RespFrame.Request("SELECT", "0"), .. RespFrame.Request("STRLEN", Key(0)),
        ]);

        Assert.That(Client.ReadReplies(5), Is.EqualTo($"+OK\r\n+OK\r\n:{length}\r\n+OK\r\n:1\r\n"));
        other.Call("SELECT", "4");
        Assert.That(other.Call("STRLEN", Key(0)), Is.EqualTo($":{length}\r\n"));
    }
}
