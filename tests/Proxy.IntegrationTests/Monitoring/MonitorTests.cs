using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Monitoring;

/// <summary>MONITOR over three servers.</summary>
[TestFixture("2")]
[TestFixture("3")]
public sealed partial class MonitorTests(string version) : TopologyTests(servers: 3, "subscriber_output_limit: 2mb")
{
    private RespClient _other = null!;

    [SetUp]
    public void Connect()
    {
        Client.Call("HELLO", version);
        _other = Topology.Connect();
    }

    [TearDown]
    public void NoConnectionIsLeftMonitoring()
    {
        Client.Dispose();
        _other.Dispose();
        foreach (var server in Servers)
        {
            Eventually.True(() => !server.Call("CLIENT", "LIST").Contains(" flags=O", StringComparison.Ordinal), "closed");
        }
    }

    [Test]
    public void WhatAllServersAreAsked_IsShownAsTheyShowIt()
    {
        Assert.That(Client.Call("MONITOR"), Is.EqualTo("+OK\r\n"));

        for (var i = 0; i < 3; i++)
        {
            _other.Call("SET", Key(i), "va\nlue");
            Assert.That(NextLineAbout(Key(i)), Does.Match($"^\\+[0-9]+\\.[0-9]{{6}} \\[0 127\\.0\\.0\\.1:[0-9]+\\] \"SET\" \"{Key(i)}\" \"va\\\\nlue\"\r\n$"));
        }
    }

    [Test]
    public void Transaction_IsShownAsItsClientWroteIt()
    {
        // The first on a connection is preceded by the proxy's question whether the server takes any.
        Transact("MULTI", "EXEC");
        Assert.That(Client.Call("MONITOR"), Is.EqualTo("+OK\r\n"));

        Transact("Multi", "exec");

        Assert.That(NextLineAbout("Multi"), Does.EndWith("\"Multi\"\r\n"));
        Assert.That(NextLineAbout(Key(0)), Does.EndWith($"\"GET\" \"{Key(0)}\"\r\n"));
        Assert.That(NextLineAbout("exec"), Does.EndWith("\"exec\"\r\n"));

        void Transact(string begin, string end)
        {
            _other.Call(begin);
            _other.Call("GET", Key(0));
            Assert.That(_other.Call(end), Is.EqualTo("*1\r\n$-1\r\n"));
        }
    }

    [Test]
    public void OtherCommandsOfTheClient_AreAnsweredAsByPlainRedis()
    {
        // A plain Redis also shows the client its own requests.
        const string Requests = "MONITOR|GET a|SET a 1|PUBLISH a b|EVAL return(1) 1 a|PING|MONITOR|CLIENT GETNAME|MULTI|GET a|EXEC|RESET|GET a|MULTI|MONITOR|EXEC|SUBSCRIBE a|MONITOR|RESET|MONITOR|QUIT";
        using var server = RedisServer.Start();
        using var plain = server.Connect();
        plain.Call("HELLO", version);

        Assert.That(RepliesTo(Client, Requests), Is.EqualTo(RepliesTo(plain, Requests)));
    }

    [Test]
    public void MonitoringClient_IsMarked()
    {
        Client.Call("MONITOR");
        Assert.That(_other.Call("CLIENT", "LIST"), Does.Contain(" flags=O "));

        Assert.That(Client.Call("RESET"), Is.EqualTo("+RESET\r\n"));
        Assert.That(_other.Call("CLIENT", "LIST"), Does.Not.Contain(" flags=O "));
    }

    [Test]
    public void ServerThatRestarts_IsShownAgain()
    {
        Client.Call("MONITOR");
        Servers[1].Restart();

        Eventually.True(() => Servers[1].Call("CLIENT", "LIST").Contains(" flags=O", StringComparison.Ordinal), "monitored again");
        Servers[1].Call("SET", Key(1), "again");
        Assert.That(NextLineAbout(Key(1)), Does.EndWith("\"again\"\r\n"));
    }

    [Test]
    public void ServerThatIsDown_DoesNotHideTheOthers()
    {
        Servers[2].Kill();
        try
        {
            Assert.That(Client.Call("MONITOR"), Is.EqualTo("+OK\r\n"));
            _other.Call("SET", Key(0), "1");
            Assert.That(NextLineAbout(Key(0)), Does.EndWith("\"1\"\r\n"));
        }
        finally
        {
            Servers[2].Restart();
        }
    }

    [Test]
    public void ServerThatRefuses_IsQuoted()
    {
        Servers[1].Call("ACL", "SETUSER", "default", "-monitor");
        try
        {
            Assert.That(Client.Call("MONITOR"), Does.StartWith("-NOPERM "));
            Assert.That(Client.Call("PING"), Is.EqualTo("+PONG\r\n"));
        }
        finally
        {
            Servers[1].Call("ACL", "SETUSER", "default", "+@all");
        }
    }

    [Test]
    public void ClientThatDoesNotRead_IsDroppedAtTheLimit()
    {
        Client.Call("MONITOR");
        var value = new string('v', 100_000);

        for (var i = 0; i < 1000 && _other.Call("CLIENT", "LIST").Contains(" flags=O ", StringComparison.Ordinal); i++)
        {
            _other.Call("SET", Key(0), value);
        }

        Assert.That(_other.Call("CLIENT", "LIST"), Does.Not.Contain(" flags=O "));
        Assert.That(_other.Call("SET", Key(0), "1"), Is.EqualTo("+OK\r\n"));
    }

    private string NextLineAbout(string key)
    {
        while (true)
        {
            var line = Client.ReadReply();
            if (line.Contains($"\"{key}\"", StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    private static string RepliesTo(RespClient client, string requests)
    {
        client.Send([.. requests.Split('|').SelectMany(request => RespFrame.Request(request.Split(' ')))]);
        return Line().Replace(client.ReadToEnd(), "");
    }

    [GeneratedRegex("\\+[0-9]+\\.[0-9]+ \\[[^\r]*\r\n")]
    private static partial Regex Line();
}
