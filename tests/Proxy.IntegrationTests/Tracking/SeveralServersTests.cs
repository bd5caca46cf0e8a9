using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Tracking;

/// <summary>Tracking over three servers, and what becomes of it when they fail.</summary>
public sealed class SeveralServersTests() : TopologyTests(servers: 3, "subscriber_output_limit: 4mb")
{
    private RespClient _other = null!;

    private static string All => ">2\r\n$10\r\ninvalidate\r\n_\r\n";

    [SetUp]
    public void Connect()
    {
        Client.Call("HELLO", "3");
        _other = Topology.Connect();
    }

    [TearDown]
    public void NoConnectionIsLeft()
    {
        Client.Dispose();
        _other.Dispose();
        foreach (var server in Servers)
        {
            Eventually.True(() => !server.Call("CLIENT", "LIST").Contains(" flags=t", StringComparison.Ordinal), "closed");
        }
    }

    [TestCase("")]
    [TestCase("BCAST")]
    public void KeysOfAllServers_AreInvalidated(string mode)
    {
        TurnOn(mode);
        Client.SendCommand("MGET", Key(0), Key(1), Key(2));
        Client.ReadReply();

        for (var i = 0; i < 3; i++)
        {
            _other.Call("SET", Key(i), "1");
            Assert.That(Client.ReadReply(), Is.EqualTo(Invalidate(Key(i))));
        }

        if (mode.Length == 0)
        {
            Client.Call("MGET", Key(0), Key(1), Key(2));
        }

        _other.Call("DEL", Key(0), Key(1), Key(2));
        Assert.That(Enumerable.Range(0, 3).Select(_ => Client.ReadReply()), Is.EquivalentTo(Enumerable.Range(0, 3).Select(i => Invalidate(Key(i)))));
    }

    [Test]
    public void OwnSplitChanges_AreInvalidatedBehindTheReply()
    {
        TurnOn("");
        Client.Call("MGET", Key(0), Key(1), Key(2));

        Assert.That(Client.Call("MSET", Key(0), "0", Key(1), "1", Key(2), "2"), Is.EqualTo("+OK\r\n"));

        Assert.That(Enumerable.Range(0, 3).Select(_ => Client.ReadReply()), Is.EquivalentTo(Enumerable.Range(0, 3).Select(i => Invalidate(Key(i)))));
    }

    [Test]
    public void FlushOfAllServers_IsToldOnce()
    {
        TurnOn("");
        for (var i = 0; i < 3; i++)
        {
            Client.Call("MGET", Key(0), Key(1), Key(2));

            Assert.That(Client.Call("FLUSHALL"), Is.EqualTo("+OK\r\n"));

            Assert.That((Client.ReadReply(), Client.Call("MGET", Key(0), Key(1), Key(2))), Is.EqualTo((All, "*3\r\n_\r\n_\r\n_\r\n")));
        }
    }

    [TestCase("GET")]
    [TestCase("MGET")]
    public void InvalidationOfAReplyThatWaitsForAnotherServer_ComesBehindIt(string second)
    {
        TurnOn("");
        Servers[0].Call("SET", Key(0), "old");
        Servers[0].Call("CONFIG", "RESETSTAT");
        Servers[1].Pause();
        try
        {
            // The answer for key 0 is there at once, but not its turn.
            Client.Send([
                .. RespFrame.Request("GET", Key(1)),
                .. second == "GET" ? RespFrame.Request("GET", Key(0)) : RespFrame.Request("MGET", Key(0), Key(1)),
            ]);
            Eventually.True(() => Servers[0].CallsOf(second.ToLowerInvariant()) == 1, "read");
            Servers[0].Call("SET", Key(0), "new");
            Eventually.Stays(() => Client.ReadAvailable().Length == 0, "nothing is said before its turn", TimeSpan.FromMilliseconds(300));
        }
        finally
        {
            Servers[1].Resume();
        }

        Assert.That(Client.ReadReply(), Is.EqualTo("_\r\n"));
        Assert.That(Client.ReadReply(), Is.EqualTo(second == "GET" ? "$3\r\nold\r\n" : "*2\r\n$3\r\nold\r\n_\r\n"));
        Assert.That(Client.ReadReply(), Is.EqualTo(Invalidate(Key(0))));
    }

    [Test]
    public void ServerRestarts_AllKeysAreInvalidAndItGoesOn()
    {
        TurnOn("");
        Client.Call("GET", Key(0));

        Servers[0].Restart();

        Assert.That(Client.ReadReply(), Is.EqualTo(All));
        Eventually.Equal(() => Client.Call("GET", Key(0)), "_\r\n", "the server is there again");
        _other.Call("SET", Key(1), "untouched");
        Eventually.Equal(() => _other.Call("SET", Key(0), "1"), "+OK\r\n", "the server is there again");
        Assert.That(Client.ReadReply(), Is.EqualTo(Invalidate(Key(0))));
    }

    [Test]
    public void BroadcastingServerRestarts_ChangesAreHeardAgainWithoutARequest()
    {
        TurnOn("BCAST");

        Servers[2].Restart();

        Assert.That(Client.ReadReply(), Is.EqualTo(All), "it is lost");
        Assert.That(Client.ReadReply(), Is.EqualTo(All), "it is there again");
        Servers[2].Call("SET", Key(2), "1");
        Assert.That(Client.ReadReply(), Is.EqualTo(Invalidate(Key(2))));
    }

    [Test]
    public void OutstandingRequestsOfALostConnection_FailBeforeAllKeysAreInvalid()
    {
        TurnOn("");
        Client.Call("GET", Key(0));
        Servers[0].Pause();
        Client.Send([.. RespFrame.Request("GET", Key(0)), .. RespFrame.Request("GET", Key(1))]);
        Eventually.Stays(() => Client.ReadAvailable().Length == 0, "it waits", TimeSpan.FromMilliseconds(100));

        Servers[0].Kill();

        Assert.That(Client.ReadReply(), Does.StartWith("-ERR Connection "));
        Assert.That(new[] { Client.ReadReply(), Client.ReadReply() }, Is.EquivalentTo(new[] { All, "_\r\n" }));
        Servers[0].Restart();
    }

    [Test]
    public void RedirectedInvalidations_OfThreeServersReachTheOther()
    {
        using var reader = Topology.Connect();
        var id = Client.Call("CLIENT", "ID").Trim(':', '\r', '\n');
        Assert.That(reader.Call("CLIENT", "TRACKING", "ON", "REDIRECT", id), Is.EqualTo("+OK\r\n"));
        reader.Call("MGET", Key(0), Key(1), Key(2));

        for (var i = 0; i < 3; i++)
        {
            _other.Call("SET", Key(i), "1");
            Assert.That(Client.ReadReply(), Is.EqualTo(Invalidate(Key(i))));
        }
    }

    [TestCase("2")]
    [TestCase("3")]
    public void TargetThatIsGone_IsToldWithTheNextInvalidation(string version)
    {
        using var reader = Topology.Connect();
        reader.Call("HELLO", version);
        using var target = Topology.Connect();
        var id = target.Call("CLIENT", "ID").Trim(':', '\r', '\n');
        reader.Call("CLIENT", "TRACKING", "ON", "REDIRECT", id);
        target.Call("QUIT");
        Assert.That(reader.Call("CLIENT", "TRACKINGINFO"), Does.Not.Contain("broken_redirect"));

        reader.Call("GET", Key(0));
        _other.Call("SET", Key(0), "1");

        if (version == "3")
        {
            Assert.That(reader.ReadReply(), Is.EqualTo($">2\r\n$21\r\ntracking-redir-broken\r\n:{id}\r\n"));
        }

        Eventually.True(() => reader.Call("CLIENT", "TRACKINGINFO").Contains("broken_redirect", StringComparison.Ordinal), "told");
        Assert.That(reader.Call("CLIENT", "INFO"), Does.Contain(" flags=tR ").And.Contain($" redir={id} "));
    }

    [Test]
    public void ServerThatRefusesTracking_IsQuoted()
    {
        Servers[1].Call("ACL", "SETUSER", "default", "-client|tracking");
        try
        {
            Assert.That(Client.Call("CLIENT", "TRACKING", "ON"), Does.StartWith("-NOPERM "));
        }
        finally
        {
            Servers[1].Call("ACL", "SETUSER", "default", "+@all");
        }

        Assert.That(Client.Call("CLIENT", "GETREDIR"), Is.EqualTo(":-1\r\n"));
        Assert.That(Client.Call("GET", Key(0)), Is.EqualTo("_\r\n"));
        TurnOn("");
    }

    [Test]
    public void ChangeThatAServerRefuses_LeavesWhatWasAskedForBefore()
    {
        TurnOn("");
        Servers[1].Call("ACL", "SETUSER", "default", "-client|tracking");
        try
        {
            var heard = new[] { Client.Call("CLIENT", "TRACKING", "ON", "NOLOOP"), Client.ReadReply() };
            Assert.That(heard, Has.One.StartsWith("-NOPERM ").And.One.EqualTo(All));
        }
        finally
        {
            Servers[1].Call("ACL", "SETUSER", "default", "+@all");
        }

        Assert.That(Client.Call("CLIENT", "TRACKINGINFO"), Does.Contain("\r\non\r\n").And.Not.Contain("noloop"));
    }

    [TestCase("OPTIN", "YES")]
    [TestCase("OPTOUT", "NO")]
    public void CachingAfterALostConnection_GoesOn(string mode, string said)
    {
        using var reader = Topology.Connect();
        var id = Client.Call("CLIENT", "ID").Trim(':', '\r', '\n');
        Assert.That(reader.Call("CLIENT", "TRACKING", "ON", "REDIRECT", id, mode), Is.EqualTo("+OK\r\n"));

        Servers[0].Call("CLIENT", "KILL", "TYPE", "normal");

        Eventually.Equal(
            () =>
            {
                reader.Call("CLIENT", "CACHING", said);
                return reader.Call("GET", Key(0));
            },
            "$-1\r\n",
            "the connection is there again");
    }

    [Test]
    public void ConnectionForInvalidationsIsLost_ItIsOpenedAgainAndTheOtherStays()
    {
        using var reader = Topology.Connect();
        var id = Client.Call("CLIENT", "ID").Trim(':', '\r', '\n');
        Assert.That(reader.Call("CLIENT", "TRACKING", "ON", "REDIRECT", id, "BCAST", "PREFIX", "key"), Is.EqualTo("+OK\r\n"));
        var before = Tracked();

        Servers[0].Call("CLIENT", "KILL", "ID", before.Redirect);

        const string AllKeys = ">2\r\n$10\r\ninvalidate\r\n$-1\r\n";
        Assert.That(Client.ReadReply(), Is.EqualTo(AllKeys), "it is lost");
        Assert.That(Client.ReadReply(), Is.EqualTo(AllKeys), "it is there again");
        Servers[0].Call("SET", Key(0), "1");
        Assert.That(Client.ReadReply(), Is.EqualTo(Invalidate(Key(0))));
        Assert.That(Tracked().Id, Is.EqualTo(before.Id));

        (string Id, string Redirect) Tracked()
        {
            var line = Servers[0].Call("CLIENT", "LIST").Split('\n').Single(client => client.Contains(" flags=tB ", StringComparison.Ordinal));
            return (Regex.Match(line, "id=([0-9]+)").Groups[1].Value, Regex.Match(line, " redir=([0-9]+)").Groups[1].Value);
        }
    }

    [Test]
    public void ServerThatIsDown_DoesNotKeepTheOthersFromBeingTracked()
    {
        Servers[1].Kill();
        TurnOn("");
        Client.Call("GET", Key(0));
        Assert.That(Client.Call("GET", Key(1)), Does.StartWith("-ERR Connection refused"));

        _other.Call("SET", Key(0), "1");
        Assert.That(Client.ReadReply(), Is.EqualTo(Invalidate(Key(0))));

        Servers[1].Restart();
        Eventually.Equal(() => Client.Call("GET", Key(1)), "_\r\n", "the server is there again");
        Servers[1].Call("SET", Key(1), "1");
        Assert.That(Client.ReadReply(), Is.EqualTo(Invalidate(Key(1))));
    }

    [Test]
    public void LargeValuesAndManyRequests_AreTrackedAsWell()
    {
        TurnOn("");
        var value = new string('v', 3_000_000);
        Assert.That(Client.Call("SET", Key(0), value), Is.EqualTo("+OK\r\n"));
        Client.Send([.. Enumerable.Range(0, 2000).SelectMany(i => RespFrame.Request("GET", i % 500 == 0 ? Key(0) : Key(i % 3, i)))]);
        for (var i = 0; i < 2000; i++)
        {
            Assert.That(Client.ReadReplyBytes(), Has.Length.EqualTo(i % 500 == 0 ? value.Length + "$3000000\r\n\r\n".Length : "_\r\n".Length));
        }

        Servers[0].Call("SET", Key(0), "short");
        Assert.That(Client.ReadReply(), Is.EqualTo(Invalidate(Key(0))));
    }

    [Test]
    public void BlockedClientThatGoes_TakesNothing()
    {
        TurnOn("");
        Client.SendCommand("BLPOP", Key(0), "0");
        Eventually.True(() => Servers[0].Call("CLIENT", "LIST").Contains(" flags=bt ", StringComparison.Ordinal), "it waits");

        Client.Dispose();

        Eventually.True(() => !Servers[0].Call("CLIENT", "LIST").Contains(" flags=bt ", StringComparison.Ordinal), "it is gone");
        _other.Call("LPUSH", Key(0), "element");
        Assert.That(_other.Call("LLEN", Key(0)), Is.EqualTo(":1\r\n"));
    }

    [Test]
    public void RequestsOfAClientThatGoesAtOnce_AreDone()
    {
        TurnOn("");
        Client.Send([.. Enumerable.Range(0, 300).SelectMany(i => RespFrame.Request("INCR", Key(i % 3)))]);
        Client.HalfClose();
        Client.Dispose();

        for (var i = 0; i < 3; i++)
        {
            Eventually.Equal(() => _other.Call("GET", Key(i)), "$3\r\n100\r\n", "all are done");
        }
    }

    [Test]
    public void ClientThatDoesNotRead_IsDroppedAtTheLimit()
    {
        using var stuck = Topology.Connect();
        stuck.Call("HELLO", "3");
        stuck.Call("CLIENT", "TRACKING", "ON", "BCAST");
        var prefix = Key(0) + new string('k', 50_000);

        for (var i = 0; i < 2000 && _other.Call("CLIENT", "LIST").Contains(" flags=tB ", StringComparison.Ordinal); i++)
        {
            Servers[0].Call("SET", prefix + i, "1");
        }

        Assert.That(_other.Call("CLIENT", "LIST"), Does.Not.Contain(" flags=tB "));
    }

    private static string Invalidate(string key) => $">2\r\n$10\r\ninvalidate\r\n*1\r\n${key.Length}\r\n{key}\r\n";

    private void TurnOn(string mode) =>
        Assert.That(Client.Call(["CLIENT", "TRACKING", "ON", .. mode.Split(' ', StringSplitOptions.RemoveEmptyEntries)]), Is.EqualTo("+OK\r\n"));
}
