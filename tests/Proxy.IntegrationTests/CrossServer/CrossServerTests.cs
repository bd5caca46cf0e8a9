using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.CrossServer;

/// <summary>Commands over keys on two servers, with everything else that a request may meet.</summary>
public sealed class CrossServerTests() : TopologyTests(servers: 2, "cross_server: true", "client_output_limit: 1mb")
{
    private const string CrossSlot = "-CROSSSLOT Keys in request don't hash to the same slot\r\n";

    [Test]
    public void Pipeline_KeepsItsOrder()
    {
        Client.Call("SADD", Key(0), "a", "b");
        Client.Call("SADD", Key(1), "b", "c");
        Client.Call("SET", Key(0, 1), "v");
        for (var i = 0; i < 100; i++)
        {
            Client.SendCommand("SINTER", Key(0), Key(1));
            Client.SendCommand("GET", Key(0, 1));
            Client.SendCommand("PING");
        }

        for (var i = 0; i < 100; i++)
        {
            Assert.That(Client.ReadReplies(3), Is.EqualTo("*1\r\n$1\r\nb\r\n$1\r\nv\r\n+PONG\r\n"));
        }
    }

    [Test]
    public void OwnWrites_AreSeen()
    {
        for (var i = 0; i < 200; i++)
        {
            Client.SendCommand("SADD", Key(i % 2), $"{i}");
            Client.SendCommand("SINTERCARD", "2", Key(0), Key(1));
            Client.SendCommand("SADD", Key((i + 1) % 2), $"{i}");
            Client.SendCommand("SINTERCARD", "2", Key(0), Key(1));
        }

        for (var i = 0; i < 200; i++)
        {
            Assert.That(Client.ReadReplies(4), Is.EqualTo($":1\r\n:{i}\r\n:1\r\n:{i + 1}\r\n"));
        }
    }

    [Test]
    public void InMulti_IsRefusedAsBefore()
    {
        Client.Call("MULTI");

        Assert.That(Client.Call("SUNION", Key(0), Key(1)), Is.EqualTo(CrossSlot));
        Assert.That(Client.Call("EXEC"), Does.StartWith("-EXECABORT"));
    }

    [TestCase("SUNIONSTORE d:1 {0} {1}")]
    [TestCase("ZINTERSTORE d:1 2 {0} {1}")]
    [TestCase("PFMERGE {0} {1}")]
    [TestCase("RENAME {0} {1}")]
    [TestCase("SMOVE {0} {1} m")]
    public void WhatWrites_IsRefused(string request) =>
        Assert.That(Client.Call(string.Format(request, Key(0), Key(1)).Split(' ')), Is.EqualTo(CrossSlot));

    [Test]
    public void PartsBeyondTheLimit_AreAnErrorAndTheClientGoesOn()
    {
        for (var server = 0; server < 2; server++)
        {
            Client.Call(["SADD", Key(server), .. Enumerable.Range(0, 300).Select(i => $"{server}:{i}:{new string('x', 2000)}")]);
        }

        Assert.That(Client.Call("SUNION", Key(0), Key(1)), Does.StartWith("-ERR reply is larger than client_output_limit"));
        Assert.That(Client.Call("SINTERCARD", "2", Key(0, 1), Key(1)), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void TrackingClient_IsToldOfTheKeysOnBothServers()
    {
        using var other = Topology.Connect();
        Client.Call("HELLO", "3");
        Client.Call("CLIENT", "TRACKING", "ON");
        Client.Call("SADD", Key(0), "a");
        Client.Call("SADD", Key(1), "a");
        Assert.That(Client.Call("SINTER", Key(0), Key(1)), Is.EqualTo("~1\r\n$1\r\na\r\n"));

        for (var server = 0; server < 2; server++)
        {
            other.Call("SADD", Key(server), "b");
            Assert.That(Client.ReadReply(), Is.EqualTo($">2\r\n$10\r\ninvalidate\r\n*1\r\n${Key(server).Length}\r\n{Key(server)}\r\n"));
        }
    }

    [Test]
    public void ClientReplyOff_IsMuted()
    {
        Client.SendCommand("CLIENT", "REPLY", "SKIP");
        Client.SendCommand("SUNION", Key(0), Key(1));

        Assert.That(Client.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void OneServerDown_IsTheError()
    {
        Client.Call("SADD", Key(0), "a");
        Servers[1].Kill();
        try
        {
            Assert.That(Client.Call("SUNION", Key(0), Key(1)), Does.Match("^-ERR (Connection refused|Connection lost|Connection reset by peer) .*server"));
            Assert.That(Client.Call("SUNION", Key(0), Key(0, 1)), Is.EqualTo("*1\r\n$1\r\na\r\n"));
        }
        finally
        {
            Servers[1].Restart();
        }

        Eventually.Equal(() => Client.Call("SUNION", Key(0), Key(1)), "*1\r\n$1\r\na\r\n", "it is back");
    }

    [Test]
    public void ClientGoneInTheMiddle_OthersGoOn()
    {
        Client.Call(["SADD", Key(0), .. Enumerable.Range(0, 20_000).Select(i => $"{i}")]);
        Client.Call(["SADD", Key(1), .. Enumerable.Range(0, 20_000).Select(i => $"{i}")]);
        for (var i = 0; i < 20; i++)
        {
            using var leaving = Topology.Connect();
            for (var j = 0; j < 5; j++)
            {
                leaving.SendCommand("SINTER", Key(0), Key(1));
            }

            if (i % 2 == 0)
            {
                leaving.Abort();
            }
        }

        Assert.That(Client.Call("SINTERCARD", "2", Key(0), Key(1)), Is.EqualTo(":20000\r\n"));
    }

    [Test]
    public void StringsTooLongForRedis_AreRefusedInItsWords()
    {
        Client.Call("SET", Key(0), new string('a', 12_000));
        Client.Call("SET", Key(1), new string('a', 12_000));

        Assert.That(
            Client.Call("LCS", Key(0), Key(1), "LEN"),
            Is.EqualTo("-ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len\r\n"));
    }
}
