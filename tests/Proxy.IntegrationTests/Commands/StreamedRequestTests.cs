using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Commands;

/// <summary>Requests with so large a payload that they go out while they arrive, over connections of their own.</summary>
[Category("Transport")]
public sealed class StreamedRequestTests() : TopologyTests(servers: 2)
{
    private const int Size = 5_000_000;

    private static readonly string Value = string.Create(Size, 0, (text, _) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (char)('!' + (i % 89));
        }
    });

    [Test]
    public void BeginningOfAValue_ReachesTheServerBeforeItsEnd()
    {
        var request = RespFrame.Request("SET", Key(0), Value);

        Client.Send(request.AsSpan(0, Size / 2));

        // Only a client in the middle of a request has so much in its query buffer.
        Eventually.True(() => LargestQueryBuffer(Servers[0]) > Size / 3, "the server has the first part");
        Client.Send(request.AsSpan(Size / 2));
        Assert.That(Client.ReadReply(), Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void EveryArgumentBehindTheValue_ArrivesWhole()
    {
        var fields = Enumerable.Range(0, 1000).Select(i => $"field:{i}").ToArray();

        Assert.That(Client.Call(["HSET", Key(0), "large", Value, .. fields, "larger", Value + "1"]), Is.EqualTo(":502\r\n"));

        Assert.That(Servers[0].Call("HGET", Key(0), "large") == RespFrame.Bulk(Value));
        Assert.That(Servers[0].Call("HGET", Key(0), "larger") == RespFrame.Bulk(Value + "1"));
        Assert.That(Servers[0].Call("HGET", Key(0), "field:998"), Is.EqualTo(RespFrame.Bulk("field:999")));
    }

    [Test]
    public void RequestsBeforeAndBehindIt_RunInTheirOrder()
    {
        for (var round = 0; round < 5; round++)
        {
            Client.Send(
            [
                .. RespFrame.Request("SET", Key(0), "before"), .. RespFrame.Request("SET", Key(1), "other"), .. RespFrame.Request("GETSET", Key(0), Value),
                .. RespFrame.Request("APPEND", Key(0), "!"), .. RespFrame.Request("GETSET", Key(1), Value), .. RespFrame.Request("STRLEN", Key(1)),
            ]);

            Assert.That(Client.ReadReplies(6), Is.EqualTo($"+OK\r\n+OK\r\n$6\r\nbefore\r\n:{Size + 1}\r\n$5\r\nother\r\n:{Size}\r\n"));
        }
    }

    [Test]
    public void ClientThatStallsInTheMiddle_HoldsUpNobody()
    {
        var request = RespFrame.Request("SET", Key(0), Value);
        Client.Send(request.AsSpan(0, Size / 2));
        Eventually.True(() => LargestQueryBuffer(Servers[0]) > Size / 3, "the server has the first part");
        using var other = Topology.Connect();

        Assert.That(other.Call("SET", Key(0, 1), "v"), Is.EqualTo("+OK\r\n"));
        Assert.That(other.Call("SET", Key(0, 2), Value), Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void ClientThatLeavesInTheMiddle_HasSetNothingAndLeavesNoConnection()
    {
        var request = RespFrame.Request("SET", Key(0), Value);
        var connections = Connections(Servers[0]);
        using (var leaving = Topology.Connect())
        {
            leaving.Send(request.AsSpan(0, Size / 2));
            Eventually.True(() => LargestQueryBuffer(Servers[0]) > Size / 3, "the server has the first part");
        }

        // Connections of its own that others left are kept for a while.
        Eventually.True(() => Connections(Servers[0]) <= connections && LargestQueryBuffer(Servers[0]) < Size / 3, "the connection is closed");
        Assert.That(Client.Call("EXISTS", Key(0)), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void WrongRest_IsAProtocolErrorAndNothingRuns()
    {
        var request = RespFrame.Request("SET", Key(0), Value);

        Client.Send([.. request.AsSpan(0, request.Length - 2), .. "xx"u8]);

        Assert.That(Client.ReadToEnd(), Does.StartWith("-ERR Protocol error"));
        Assert.That(Servers[0].Call("EXISTS", Key(0)), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void HalfCloseBehindIt_StillGetsTheReply()
    {
        Client.SendCommand("SET", Key(0), Value);
        Client.HalfClose();

        Assert.That(Client.ReadToEnd(), Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void HalfCloseInTheMiddle_ClosesWithoutAReply()
    {
        Client.Send(RespFrame.Request("SET", Key(0), Value).AsSpan(0, Size / 2));
        Client.HalfClose();

        Assert.That(Client.ReadToEnd(), Is.Empty);
        Assert.That(Servers[0].Call("EXISTS", Key(0)), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void MoreClientsAtOnceThanThereAreConnectionsOfTheirOwn_AreAllServed()
    {
        var clients = Enumerable.Range(0, 80).Select(_ => Topology.Connect()).ToList();
        try
        {
            var request = Enumerable.Range(0, clients.Count).Select(i => RespFrame.Request("SET", Key(0, i), Value[..2_000_000] + i)).ToArray();
            for (var i = 0; i < clients.Count; i++)
            {
                clients[i].Send(request[i].AsSpan(0, 500_000));
            }

            for (var i = 0; i < clients.Count; i++)
            {
                clients[i].Send(request[i].AsSpan(500_000));
                Assert.That(clients[i].ReadReply(), Is.EqualTo("+OK\r\n"));
            }

            for (var i = 0; i < clients.Count; i++)
            {
                Assert.That(clients[i].Call("GETRANGE", Key(0, i), "2000000", "-1"), Is.EqualTo(RespFrame.Bulk($"{i}")));
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Test]
    public void ConnectionOfItsOwn_IsUsedAgain()
    {
        Client.Call("SET", Key(0), Value);
        var connected = ConnectionsEver(Servers[0]);

        Client.Call("SET", Key(0), Value);
        Client.Call("SET", Key(0), Value);

        Assert.That(ConnectionsEver(Servers[0]), Is.EqualTo(connected + 1), "but for the one that asked");
    }

    [Test]
    public void ReplyOfTheSameSize_ComesWhole()
    {
        Client.Call("SET", Key(0), Value);

        Assert.That(Client.Call("GETSET", Key(0), Value + "1") == RespFrame.Bulk(Value));
        Assert.That(Client.Call("STRLEN", Key(0)), Is.EqualTo($":{Size + 1}\r\n"));
    }

    [Test]
    public void ErrorOfTheServer_IsItsReply()
    {
        Client.Call("LPUSH", Key(0), "x");

        Assert.That(Client.Call("APPEND", Key(0), Value), Does.StartWith("-WRONGTYPE"));
        Assert.That(Client.Call("LLEN", Key(0)), Is.EqualTo(":1\r\n"));
    }

    [Test]
    public void WrongArity_IsTheSameErrorAsOfASmallOne()
    {
        Assert.That(Client.Call("GETSET", Key(0), Value, "x"), Is.EqualTo("-ERR wrong number of arguments for 'getset' command\r\n"));
        Assert.That(Client.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    private static int Connections(RedisServer server) => server.Call("CLIENT", "LIST").Split("\nid=").Length;

    private static int ConnectionsEver(RedisServer server) =>
        int.Parse(server.Call("INFO", "stats").Split("total_connections_received:")[1].Split("\r\n")[0], null);

    private static long LargestQueryBuffer(RedisServer server) =>
        server.Call("CLIENT", "LIST").Split([' ', '\n']).Where(field => field.StartsWith("qbuf=", StringComparison.Ordinal))
            .Max(field => long.Parse(field["qbuf=".Length..], null));
}
