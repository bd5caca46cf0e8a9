using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Commands;

/// <summary>Requests with a payload that does not come in one read: it is kept apart until it is whole, and handed on without a copy.</summary>
[Category("Transport")]
public sealed class LargeRequestTests() : TopologyTests(servers: 2)
{
    private static readonly string Large = string.Concat(Enumerable.Range(0, 200_000).Select(i => (char)('!' + (i * 7 % 90)))) + new string('x', 3_000_000);

    [Test]
    public void LargeValue_ArrivesWhole()
    {
        Assert.That(Client.Call("SET", Key(0), Large), Is.EqualTo("+OK\r\n"));

        Assert.That(Servers[0].Call("GET", Key(0)) == RespFrame.Bulk(Large));
    }

    [Test]
    public void ArgumentsBehindALargeValue_ReachTheServer()
    {
        Client.Call("SET", Key(0), Large, "EXAT", "33177117420");

        Assert.That(Servers[0].Call("EXPIRETIME", Key(0)), Is.EqualTo(":33177117420\r\n"));
    }

    [Test]
    public void LargeKey_IsRoutedByAllOfIt()
    {
        var key = new string('k', 300_000);

        Client.Call("SET", key, "value");

        Assert.That(Client.Call("GET", key), Is.EqualTo("$5\r\nvalue\r\n"));
        Assert.That(Client.Call("MGET", Key(0), key, Key(1)), Is.EqualTo("*3\r\n$-1\r\n$5\r\nvalue\r\n$-1\r\n"));
    }

    [Test]
    public void LargeArgumentOfACommandAnsweredHere_IsTaken() => Assert.That(Client.Call("ECHO", Large) == RespFrame.Bulk(Large));

    [Test]
    public void LargeArgumentOfAnUnknownCommand_IsAnError() => Assert.That(Client.Call("NOSUCH", Large), Does.StartWith("-ERR unknown command"));

    [Test]
    public void SeveralLargeValuesOfARequest_ArriveWhole()
    {
        Client.Call("MSET", Key(0), Large, Key(0, 1), Large + "1");

        Assert.That(Servers[0].Call("GET", Key(0)) == RespFrame.Bulk(Large));
        Assert.That(Servers[0].Call("GET", Key(0, 1)) == RespFrame.Bulk(Large + "1"));
    }

    [Test]
    public void LargeRequestAmongOthers_RunsInItsPlace()
    {
        Client.Send([.. RespFrame.Request("SET", Key(0), "before"), .. RespFrame.Request("GETSET", Key(0), Large), .. RespFrame.Request("STRLEN", Key(0))]);

        Assert.That(Client.ReadReplies(3), Is.EqualTo($"+OK\r\n$6\r\nbefore\r\n:{Large.Length}\r\n"));
    }

    [TestCase(1)]
    [TestCase(1000)]
    [TestCase(70_000)]
    public void LargeRequestInPieces_ArrivesWhole(int piece)
    {
        var value = Large[..100_000];
        byte[] request = [.. RespFrame.Request("SET", Key(1), value, "EX", "1000"), .. RespFrame.Request("GET", Key(1))];

        // The piece's borders matter at the beginning and at the end; one by one through all of it would take long.
        for (var sent = 0; sent < request.Length;)
        {
            var isMiddle = sent is > 100 and < 100_000;
            var count = Math.Min(isMiddle ? Math.Max(piece, 5000) : piece, request.Length - sent);
            Client.Send(request.AsSpan(sent, count));
            sent += count;
        }

        Assert.That(Client.ReadReplies(2) == "+OK\r\n" + RespFrame.Bulk(value));
    }

    [Test]
    public void LargeValueWithoutItsLineEnd_IsAProtocolErrorAndNothingRuns()
    {
        var request = RespFrame.Request("SET", Key(0), Large);

        Client.Send([.. request[..^2], .. "xx"u8]);

        Assert.That(Client.ReadToEnd(), Does.StartWith("-ERR Protocol error"));
        Assert.That(Servers[0].Call("EXISTS", Key(0)), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void ClientThatLeavesInTheMiddle_HasSetNothing()
    {
        var request = RespFrame.Request("SET", Key(0), Large);
        using (var leaving = Topology.Connect())
        {
            leaving.Send(request[..(request.Length / 2)]);
        }

        Assert.That(Client.Call("EXISTS", Key(0)), Is.EqualTo(":0\r\n"));
    }
}
