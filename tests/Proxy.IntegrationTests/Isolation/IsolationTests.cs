using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Isolation;

/// <summary>What one client does wrong, nobody else feels, although both share the connections to the servers.</summary>
[Category("Transport")]
public sealed class IsolationTests() : TopologyTests(servers: 2, "timeout: 10000")
{
    [Test]
    public void PoisonRequest_OthersRequestsInFlightAreAnswered()
    {
        for (var round = 0; round < 50; round++)
        {
            using var poisoner = Topology.Connect();
            Client.Send([.. RespFrame.Request("SET", Key(0), $"{round}"), .. RespFrame.Request("GET", Key(0))]);
            poisoner.Send("*2\r\n$03\r\nGET\r\n$1\r\na\r\n");
            Client.SendCommand("GET", Key(0));

            Assert.That(poisoner.ReadToEnd(), Is.EqualTo("-ERR Protocol error: invalid bulk length\r\n"));
            Assert.That(Client.ReadReplies(3), Is.EqualTo($"+OK\r\n{RespFrame.Bulk($"{round}")}{RespFrame.Bulk($"{round}")}"));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ClientDiesWithRequestsInFlight_OthersGetTheirOwnReplies(bool reset)
    {
        for (var round = 0; round < 20; round++)
        {
            using var dying = Topology.Connect();
            for (var i = 0; i < 200; i++)
            {
                dying.SendCommand("SET", Key(i % 2, 500), $"of the dead {i}");
                dying.SendCommand("GET", Key(i % 2, 500));
            }

            if (reset)
            {
                dying.Abort();
            }
            else
            {
                dying.Dispose();
            }

            Client.Send([
                .. RespFrame.Request("SET", Key(0), $"{round}"), .. RespFrame.Request("GET", Key(0)), .. RespFrame.Request("GET", Key(1)),
            ]);
            Assert.That(Client.ReadReplies(3), Is.EqualTo($"+OK\r\n{RespFrame.Bulk($"{round}")}$-1\r\n"));
        }
    }

    [Test]
    public void ClientDiesWithRequestsInFlight_TheSharedConnectionsStay()
    {
        Client.Call("MGET", Key(0), Key(1));
        var before = Servers.Select(ConnectionsReceived).ToArray();

        for (var round = 0; round < 10; round++)
        {
            using var dying = Topology.Connect();
            dying.Send([.. Enumerable.Repeat(RespFrame.Request("MGET", Key(0), Key(1)), 100).SelectMany(request => request)]);
            dying.Abort();
        }

        Client.Call("MGET", Key(0), Key(1));

        // Each look at INFO is a connection of its own; reading them is one per server.
        Assert.That(
            Servers.Select((server, i) => ConnectionsReceived(server) - before[i]),
            Is.All.LessThanOrEqualTo(Environment.ProcessorCount + 1));
    }

    [Test]
    public void ClientThatNeverReads_IsNotServedWithoutLimit_AndOthersAreServed()
    {
        var value = new string('x', 100_000);
        Client.Call("SET", Key(0), value);
        var before = Topology.Proxy.Process.ResidentBytes;
        using var greedy = RespClient.Connect(Topology.Proxy.File.Pools[0].EndPoint, receiveBuffer: 4096);

        // 2 GB of replies, were they all fetched.
        var requests = Enumerable.Repeat(RespFrame.Request("GET", Key(0)), 1000).SelectMany(request => request).ToArray();
        var sender = new Thread(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                if (!greedy.TrySend(requests))
                {
                    return;
                }
            }
        })
        { IsBackground = true };
        sender.Start();

        for (var i = 0; i < 200; i++)
        {
            Assert.That(Client.Call("GET", Key(0)) == RespFrame.Bulk(value));
            Assert.That(Client.Call("GET", Key(1)), Is.EqualTo("$-1\r\n"));
        }

        Assert.That(Topology.Proxy.Process.ResidentBytes - before, Is.LessThan(300L << 20));
        greedy.Abort();
        sender.Join();
    }

    [Test]
    public void HalfSentRequests_HoldUpNobody()
    {
        var half = Enumerable.Range(0, 50).Select(_ => Topology.Connect()).ToList();
        half.ForEach(client => client.Send("*3\r\n$3\r\nSET\r\n$5\r\nkey:1\r\n$100\r\nhalf of it"));

        for (var i = 0; i < 100; i++)
        {
            Assert.That(Client.Call("SET", Key(0), $"{i}"), Is.EqualTo("+OK\r\n"));
        }

        half.ForEach(client => client.Abort());
        Assert.That(Client.Call("GET", Key(0)), Is.EqualTo("$2\r\n99\r\n"));
    }

    [Test]
    public void HalfSentRequest_GoesOnWhereItStopped()
    {
        using var slow = Topology.Connect();
        slow.Send("*3\r\n$3\r\nSET\r\n$5\r\nkey:1\r\n$4\r\nha");
        Client.Call("SET", Key(0), "between");
        slow.Send("lf\r\n");

        Assert.That(slow.ReadReply(), Is.EqualTo("+OK\r\n"));
        Assert.That(Client.Call("GET", "key:1"), Is.EqualTo("$4\r\nhalf\r\n"));
    }

    [Test]
    public void ManyClientsComeAndGo_NothingStays()
    {
        Client.Call("PING");
        var before = Topology.Proxy.Process.FileDescriptors;
        for (var i = 0; i < 500; i++)
        {
            using var passing = Topology.Connect();
            passing.SendCommand("GET", Key(i % 2));
            if (i % 3 == 0)
            {
                passing.Abort();
            }
        }

        Eventually.True(
            () => Topology.Proxy.Process.FileDescriptors <= before + 20,
            "the proxy has closed the sockets of clients that left");
        Assert.That(Client.Call("GET", Key(0)), Is.EqualTo("$-1\r\n"));
    }

    private static long ConnectionsReceived(RedisServer server)
    {
        const string Name = "total_connections_received:";
        var lines = server.Call("INFO", "stats").Split("\r\n");
        return long.Parse(lines.First(line => line.StartsWith(Name, StringComparison.Ordinal))[Name.Length..]);
    }
}
