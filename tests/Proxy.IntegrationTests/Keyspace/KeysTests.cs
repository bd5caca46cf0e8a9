using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Keyspace;

/// <summary>KEYS over three servers.</summary>
public sealed class KeysTests() : TopologyTests(servers: 3)
{
    [TestCase("2")]
    [TestCase("3")]
    public void KeysOfEveryServer_AreOneArray(string version)
    {
        Client.Call("HELLO", version);
        Client.Call("MSET", Key(0), "a", Key(1), "b", Key(2), "c", Key(2, 1), "d");

        Assert.That(Client.Call("KEYS", "key:*"), Does.StartWith($"*4\r\n{RespFrame.Bulk(Key(0))}{RespFrame.Bulk(Key(1))}$8\r\n"));
        Assert.That(Client.Call("KEYS", "*:1000"), Is.EqualTo(RespFrame.Array(Key(1))));
    }

    [Test]
    public void NoKeys_IsAnEmptyArray() => Assert.That(Client.Call("KEYS", "*"), Is.EqualTo("*0\r\n"));

    [Test]
    public void Pipelined_RunsInOrderAndNobodysRepliesAreMixed()
    {
        for (var round = 0; round < 20; round++)
        {
            Client.Send(
            [
                .. RespFrame.Request("SET", Key(1), "b"), .. RespFrame.Request("KEYS", "*"), .. RespFrame.Request("DEL", Key(1)),
                .. RespFrame.Request("KEYS", "*"), .. RespFrame.Request("GET", Key(1)),
            ]);

            Assert.That(Client.ReadReplies(5), Is.EqualTo($"+OK\r\n{RespFrame.Array(Key(1))}:1\r\n*0\r\n$-1\r\n"));
        }
    }

    [Test]
    public void ManyClientsAtOnce_AreAllServed()
    {
        Fill(2000, "x");
        var clients = Enumerable.Range(0, 100).Select(_ => Topology.Connect()).ToList();
        try
        {
            clients.ForEach(client => client.SendCommand("KEYS", "*"));

            Assert.That(clients.Select(client => client.ReadReply().Split("\r\n")[0]), Is.All.EqualTo("*6000"));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Category("Transport")]
    [Test]
    public void ReplyThatIsReadSlowly_IsNotKeptInTheProxy()
    {
        // 3 × 20,000 keys of a kilobyte: 60 MB for each client.
        const int Each = 20_000;
        using var topology = RedisTopology.Start(3, "client_output_limit: 1mb");
        var name = new string('n', 1000);
        var length = $"*{3 * Each}\r\n".Length;
        for (var server = 0; server < 3; server++)
        {
            var prefix = $"key:{server * 1000}:{name}:";
            topology.Servers[server].Call("EVAL", $"for i = 1, {Each} do redis.call('set', ARGV[1] .. 100000 + i, '') end return 1", "0", prefix);
            length += Each * RespFrame.Bulk(prefix + "100000").Length;
        }

        using (var warm = topology.Connect())
        {
            warm.SendCommand("KEYS", "*");
            Assert.That(ReadAll([warm], length), Is.EqualTo([length]));
        }

        topology.Proxy.Process.ForgetPeak();
        var before = topology.Proxy.Process.ResidentBytes;
        var clients = Enumerable.Range(0, 4).Select(_ => topology.Connect()).ToList();
        try
        {
            clients.ForEach(client => client.SendCommand("KEYS", "*"));

            Assert.That(ReadAll(clients, length), Is.All.EqualTo(length));
            var most = topology.Proxy.Process.PeakResidentBytes - before;
            TestContext.Out.WriteLine($"{most / 1024} KB more at most");
            Assert.That(most, Is.LessThan(length), "of four replies not one is there at once");
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Test]
    public void ClientThatLeavesInTheMiddle_LeavesNoConnection()
    {
        Fill(1000, new string('n', 5000));
        var connections = Servers.Select(Connections).ToArray();
        for (var i = 0; i < 5; i++)
        {
            using var leaving = RespClient.Connect(Topology.Proxy.File.Pools[0].EndPoint, receiveBuffer: 4096);
            leaving.SendCommand("KEYS", "*");
            Eventually.True(() => leaving.HasInput, "the reply begins");
            leaving.Abort();
        }

        // One of its own that is clean may be kept for a while.
        Eventually.True(() => Servers.Select(Connections).Zip(connections).All(pair => pair.First <= pair.Second + 1), "the connections are closed");
        Assert.That(Client.Call("KEYS", "*:0*").Split("\r\n")[0], Is.Not.EqualTo("*0"));
    }

    [Test]
    public void ServersThatLeaveInTheMiddle_StillPassTheirKeys()
    {
        using var topology = RedisTopology.Start(3);
        using var client = RespClient.Connect(topology.Proxy.File.Pools[0].EndPoint, receiveBuffer: 4096);
        var name = new string('n', 1000);
        foreach (var (server, i) in topology.Servers.Select((server, i) => (server, i)))
        {
            server.Call("EVAL", "for i = 1, 5000 do redis.call('set', ARGV[1] .. i, '') end return 1", "0", $"key:{i * 1000}:{name}:");
        }

        client.SendCommand("KEYS", "*");
        Eventually.True(() => client.HasInput, "the reply begins");
        var listen = topology.Proxy.File.Pools[0].Listen;
        var file = RedisTopology.File([topology.Servers[0].Address]);
        topology.Proxy.Reload(file with { Pools = [file.Pools[0] with { Listen = listen }] });
        Eventually.True(() => topology.Proxy.Call("DBSIZE") == ":5000\r\n", "two servers left");

        Assert.That(client.ReadReply().Split("\r\n"), Has.Length.EqualTo(1 + (2 * 15_000) + 1));
        Assert.That(client.Call("KEYS", "*").Split("\r\n")[0], Is.EqualTo("*5000"));
    }

    [Test]
    public void TrackingClient_GetsThemToo()
    {
        Client.Call("HELLO", "3");
        Client.Call("CLIENT", "TRACKING", "ON");
        Client.Call("MSET", Key(0), "a", Key(2), "c");

        Assert.That(Client.Call("KEYS", "*"), Is.EqualTo(RespFrame.Array(Key(0), Key(2))));
    }

    [Test]
    public void WithOneServer_ItIsThatServersReply()
    {
        using var topology = RedisTopology.Start(1);
        using var client = topology.Connect();
        client.Call("MSET", "a", "1", "b", "2", "c", "3");

        Assert.That(client.Call("KEYS", "*"), Is.EqualTo(topology.Servers[0].Call("KEYS", "*")));
        client.Call("MULTI");
        client.Call("KEYS", "a");
        Assert.That(client.Call("EXEC"), Is.EqualTo("*1\r\n*1\r\n$1\r\na\r\n"));
    }

    /// <summary>Reads what comes from all of them until each has had so many bytes.</summary>
    private static int[] ReadAll(List<RespClient> clients, int length)
    {
        var read = new int[clients.Count];
        Eventually.True(
            () =>
            {
                for (var i = 0; i < read.Length; i++)
                {
                    read[i] += clients[i].ReadAvailable().Length;
                }

                return Array.TrueForAll(read, count => count >= length);
            },
            "every reply is there",
            TimeSpan.FromSeconds(60));
        return read;
    }

    private static int Connections(RedisServer server) => server.Call("CLIENT", "LIST").Split("\nid=").Length;

    private void Fill(int each, string name)
    {
        for (var server = 0; server < 3; server++)
        {
            Client.Call(["MSET", .. Enumerable.Range(0, each).SelectMany(i => new[] { $"key:{server * 1000}:{i}:{name}", "" })]);
        }
    }
}
