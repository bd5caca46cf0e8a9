using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Sessions;

/// <summary>Both versions of RESP on one port: each client is answered in its own, as Redis answers.</summary>
public sealed class HelloTests() : TopologyTests(servers: 2)
{
    [TestCase("HELLO 4", "-NOPROTO unsupported protocol version\r\n")]
    [TestCase("HELLO 4 JUNK", "-NOPROTO unsupported protocol version\r\n")]
    [TestCase("HELLO 1", "-NOPROTO unsupported protocol version\r\n")]
    [TestCase("HELLO abc", "-ERR Protocol version is not an integer or out of range\r\n")]
    [TestCase("HELLO 3.0", "-ERR Protocol version is not an integer or out of range\r\n")]
    [TestCase("HELLO 3333333333333333333333", "-ERR Protocol version is not an integer or out of range\r\n")]
    [TestCase("HELLO 3 JUNK", "-ERR Syntax error in HELLO option 'JUNK'\r\n")]
    [TestCase("HELLO 3 AUTH default", "-ERR Syntax error in HELLO option 'AUTH'\r\n")]
    [TestCase("HELLO 3 SETNAME", "-ERR Syntax error in HELLO option 'SETNAME'\r\n")]
    [TestCase("HELLO 3 AUTH nobody x", "-WRONGPASS invalid username-password pair or user is disabled.\r\n")]
    public void RefusedHello_ChangesNothing(string command, string reply)
    {
        Assert.That(Client.Call(command.Split(' ')), Is.EqualTo(reply));
        Assert.That(Servers[0].Call(command.Split(' ')), Is.EqualTo(reply), "plain Redis");
        Assert.That(Client.Call("GET", Key(0)), Is.EqualTo("$-1\r\n"));
        Assert.That(Client.Call("CLIENT", "GETNAME"), Is.EqualTo("$-1\r\n"));
    }

    [TestCase("a b")]
    [TestCase("a\nb")]
    public void HelloWithANameThatRedisRefuses_ChangesNothing(string name)
    {
        const string Refusal = "-ERR Client names cannot contain spaces, newlines or special characters.\r\n";

        Assert.That(Client.Call("HELLO", "3", "SETNAME", name), Is.EqualTo(Refusal));
        Assert.That(Servers[0].Call("HELLO", "3", "SETNAME", name), Is.EqualTo(Refusal), "plain Redis");
        Assert.That(Client.Call("CLIENT", "GETNAME"), Is.EqualTo("$-1\r\n"));
    }

    [TestCase("HELLO", "*14", ":2")]
    [TestCase("HELLO 2", "*14", ":2")]
    [TestCase("HELLO 3", "%7", ":3")]
    public void Greeting_TellsAboutAStandaloneMaster(string command, string header, string version)
    {
        var words = Client.Call(command.Split(' ')).Split("\r\n");

        Assert.That(words[0], Is.EqualTo(header));
        Assert.That(
            words.Where(word => word.Length > 0 && char.IsAsciiLetter(word[0])),
            Is.EqualTo(["server", "redis", "version", "proto", "id", "mode", "standalone", "role", "master", "modules"]));
        Assert.That(words, Does.Contain(version));
    }

    [Test]
    public void HelloWithoutVersion_GreetsInThePresentOne()
    {
        var greeting = Client.Call("HELLO", "3");

        Assert.That(Client.Call("HELLO"), Is.EqualTo(greeting));
    }

    [Test]
    public void HelloWithPasswordAndName_LogsInAndSetsTheName()
    {
        Assert.That(Client.Call("HELLO", "3", "AUTH", "default", "x", "SETNAME", "me"), Does.StartWith("%7\r\n"));

        Assert.That(Client.Call("CLIENT", "GETNAME"), Is.EqualTo("$2\r\nme\r\n"));
        Assert.That(Client.Call("HELLO", "3", "SETNAME", ""), Does.StartWith("%7\r\n"));
        Assert.That(Client.Call("CLIENT", "GETNAME"), Is.EqualTo("_\r\n"));
    }

    [Test]
    public void TwoVersionsSideBySide_EachIsAnsweredInItsOwn()
    {
        using var other = Topology.Connect();
        other.Call("HELLO", "3");
        Client.Call("HSET", Key(0), "field", "value");

        Assert.That(other.Call("HGETALL", Key(0)), Is.EqualTo("%1\r\n$5\r\nfield\r\n$5\r\nvalue\r\n"));
        Assert.That(Client.Call("HGETALL", Key(0)), Is.EqualTo("*2\r\n$5\r\nfield\r\n$5\r\nvalue\r\n"));
        Assert.That(other.Call("GET", Key(1)), Is.EqualTo("_\r\n"));
        Assert.That(Client.Call("GET", Key(1)), Is.EqualTo("$-1\r\n"));
    }

    [Test]
    public void SplitCommands_AreJoinedInResp3()
    {
        Client.Call("HELLO", "3");

        Assert.That(Client.Call("MSET", Key(0), "a", Key(1), "b"), Is.EqualTo("+OK\r\n"));
        Assert.That(Client.Call("MGET", Key(1), Key(0), Key(0, 1), Key(1, 1)), Is.EqualTo("*4\r\n$1\r\nb\r\n$1\r\na\r\n_\r\n_\r\n"));
        Assert.That(Client.Call("DEL", Key(1), Key(0), Key(0, 1)), Is.EqualTo(":2\r\n"));
    }

    [Test]
    public void HelloInAPipeline_AnswersWhatCameBeforeInTheFormerVersion()
    {
        Client.Send([
            .. RespFrame.Request("GET", Key(0)), .. RespFrame.Request("MGET", Key(0), Key(1)), .. RespFrame.Request("HELLO", "3"),
            .. RespFrame.Request("GET", Key(0)), .. RespFrame.Request("MGET", Key(0), Key(1)), .. RespFrame.Request("HELLO", "2"),
            .. RespFrame.Request("GET", Key(0)),
        ]);

        Assert.That(Client.ReadReplies(2), Is.EqualTo("$-1\r\n*2\r\n$-1\r\n$-1\r\n"));
        Assert.That(Client.ReadReply(), Does.StartWith("%7\r\n"));
        Assert.That(Client.ReadReplies(2), Is.EqualTo("_\r\n*2\r\n_\r\n_\r\n"));
        Assert.That(Client.ReadReply(), Does.StartWith("*14\r\n"));
        Assert.That(Client.ReadReply(), Is.EqualTo("$-1\r\n"));
    }

    [Test]
    public void HelloBehindRequestsOfASlowServer_WaitsForThem()
    {
        Client.Call("SET", Key(0), "x");
        Servers[0].Pause();
        try
        {
            Client.Send([
                .. Enumerable.Range(0, 100).SelectMany(_ => RespFrame.Request("HGETALL", Key(0, 1))), .. RespFrame.Request("HELLO", "3"),
                .. RespFrame.Request("HGETALL", Key(0, 1)),
            ]);
        }
        finally
        {
            Servers[0].Resume();
        }

        Assert.That(Client.ReadReplies(100), Is.EqualTo(string.Concat(Enumerable.Repeat("*0\r\n", 100))));
        Assert.That(Client.ReadReply(), Does.StartWith("%7\r\n"));
        Assert.That(Client.ReadReply(), Is.EqualTo("%0\r\n"));
    }

    [Test]
    public void PushesAndAttributesOfAServer_AreNoReplies()
    {
        using var server = ScriptedServer.Answering(request => request[0] switch
        {
            "HELLO" => "%1\r\n+proto\r\n:3\r\n",
            _ => $">2\r\n+invalidate\r\n_\r\n|1\r\n+ttl\r\n:1\r\n{RespFrame.Bulk(request[1])}>1\r\n+other\r\n",
        });
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address]));
        using var client = proxy.Connect();
        client.Call("HELLO", "3");

        client.Send([.. RespFrame.Request("GET", "a"), .. RespFrame.Request("GET", "b"), .. RespFrame.Request("PING")]);

        Assert.That(
            client.ReadReplies(3), Is.EqualTo("|1\r\n+ttl\r\n:1\r\n$1\r\na\r\n|1\r\n+ttl\r\n:1\r\n$1\r\nb\r\n+PONG\r\n"));
    }

    [Test]
    public void ConnectionOfALane_IsOpenedAgainWithTheSameHandshake()
    {
        using var server = ScriptedServer.Answering(request => request[0] == "GET" ? RespFrame.Bulk(request[1]) : "+OK\r\n");
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address], "redis_auth: secret"));
        using var client = proxy.Connect();
        client.Call("HELLO", "3", "AUTH", "default", "secret");
        client.Call("SELECT", "5");
        client.Call("GET", "a");

        server.Refuse();
        server.Listen();

        Eventually.Equal(() => client.Call("GET", "b"), "$1\r\nb\r\n", "reply over another connection");
        var handshakes = Enumerable.Range(0, server.Accepted).Select(server.RequestsOf).Where(requests => requests.Any(IsGet)).ToList();
        Assert.That(handshakes, Has.Count.EqualTo(2));
        Assert.That(handshakes.Select(requests => requests.Take(3)), Is.All.EqualTo(new[] { "AUTH secret", "HELLO 3", "SELECT 5" }));

        static bool IsGet(string request) => request.StartsWith("GET ", StringComparison.Ordinal);
    }

    [Test]
    public void ServerThatKnowsOnlyResp2_IsAClearError()
    {
        using var server = ScriptedServer.Answering(request => request[0] == "HELLO" ? "-ERR unknown command `HELLO`\r\n" : "$-1\r\n");
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address]));
        using var resp2 = proxy.Connect();
        using var resp3 = proxy.Connect();
        resp3.Call("HELLO", "3");

        Assert.That(
            resp3.Call("GET", "a"), Is.EqualTo("-ERR backend handshake failed: ERR unknown command `HELLO` (pool main, server shard0)\r\n"));
        Assert.That(resp2.Call("GET", "a"), Is.EqualTo("$-1\r\n"));
    }
}
