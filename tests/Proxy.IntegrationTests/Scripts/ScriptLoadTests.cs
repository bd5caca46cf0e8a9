using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Scripts;

/// <summary>Scripts that are loaded through the proxy, over three servers.</summary>
public sealed class ScriptLoadTests() : TopologyTests(servers: 3)
{
    private const string NoScript = "-NOSCRIPT No matching script. Please use EVAL.\r\n";
    private const string Script = "return redis.call('incr', KEYS[1])";

    private string _digest = "";

    [SetUp]
    public void FlushScripts() => Assert.That(Client.Call("SCRIPT", "FLUSH"), Is.EqualTo("+OK\r\n"));

    [TestCase("2")]
    [TestCase("3")]
    public void Loaded_RunsOnEveryServer(string version)
    {
        Client.Call("HELLO", version);
        Load();

        Assert.That(Servers.Select((_, i) => Client.Call("EVALSHA", _digest, "1", Key(i))), Is.All.EqualTo(":1\r\n"));
        Assert.That(Servers.Select(server => server.Call("SCRIPT", "EXISTS", _digest)), Is.All.EqualTo("*1\r\n:1\r\n"));
        Assert.That(Client.Call("SCRIPT", "EXISTS", "x", _digest, _digest.ToUpperInvariant()), Is.EqualTo("*3\r\n:0\r\n:1\r\n:1\r\n"));
    }

    [Test]
    public void Flushed_IsGoneEverywhere()
    {
        Load();
        Call(1);

        Assert.That(Client.Call("SCRIPT", "FLUSH", "SYNC"), Is.EqualTo("+OK\r\n"));

        Assert.That(Servers.Select((_, i) => Call(i)), Is.All.EqualTo(NoScript));
        Assert.That(Client.Call("SCRIPT", "EXISTS", _digest), Is.EqualTo("*1\r\n:0\r\n"));
        Assert.That(Servers.Select(server => server.Call("SCRIPT", "EXISTS", _digest)), Is.All.EqualTo("*1\r\n:0\r\n"));
    }

    [Test]
    public void FlushedAndCalledInOnePiece_IsGone()
    {
        Load();

        Client.Send([.. RespFrame.Request("SCRIPT", "FLUSH"), .. RespFrame.Request("EVALSHA", _digest, "1", Key(1))]);

        Assert.That(Client.ReadReplies(2), Is.EqualTo("+OK\r\n" + NoScript));
    }

    [Test]
    public void LoadedAndCalledInOnePiece_Runs()
    {
        Client.Send([.. RespFrame.Request("SCRIPT", "LOAD", Script), .. RespFrame.Request("EVALSHA", DigestOf(Script), "1", Key(1))]);

        Assert.That(Client.ReadReplies(2), Is.EqualTo(RespFrame.Bulk(DigestOf(Script)) + ":1\r\n"));
    }

    [Test]
    public void ServerThatWasStartedAnew_IsLoadedItAgain()
    {
        Load();
        Call(1);

        Servers[1].Restart();

        Eventually.True(() => Call(1) == ":1\r\n", "the script runs on the server that came back empty");
        Assert.That(Call(1), Is.EqualTo(":2\r\n"));
    }

    [Test]
    public void ServerWhoseScriptsSomebodyElseFlushed_IsLoadedItAgain()
    {
        Load();
        Call(1);
        Servers[1].Call("SCRIPT", "FLUSH");

        Assert.That(Call(1), Is.EqualTo(NoScript));
        Assert.That(Call(1), Is.EqualTo(":2\r\n"));
        Assert.That(Client.Call("SCRIPT", "EXISTS", _digest), Is.EqualTo("*1\r\n:1\r\n"));
    }

    [Test]
    public void ServerThatMissedTheLoad_IsLoadedIt()
    {
        Servers[2].Kill();
        try
        {
            Load();
            Assert.That(Call(1), Is.EqualTo(":1\r\n"));
            Assert.That(Client.Call("SCRIPT", "EXISTS", _digest), Is.EqualTo("*1\r\n:1\r\n"));
        }
        finally
        {
            Servers[2].Restart();
        }

        Eventually.True(() => Call(2) == ":1\r\n", "the script runs there as soon as the server is back");
    }

    [Test]
    public void AllServersDown_IsAnError()
    {
        using var topology = RedisTopology.Start(2);
        using var client = topology.Connect();
        client.Call("DBSIZE");
        topology.Servers[0].Kill();
        topology.Servers[1].Kill();

        Assert.That(client.Call("SCRIPT", "LOAD", Script), Does.StartWith("-ERR "));
        Assert.That(client.Call("SCRIPT", "EXISTS", DigestOf(Script)), Does.StartWith("-ERR "));
    }

    [Test]
    public void NewServer_IsLoadedIt()
    {
        using var topology = RedisTopology.Start(2);
        using var client = topology.Connect();
        using var added = RedisServer.Start();
        client.Call("SCRIPT", "LOAD", Script);
        var listen = topology.Proxy.File.Pools[0].Listen;
        var file = RedisTopology.File([.. topology.Servers.Select(server => server.Address), added.Address]);
        topology.Proxy.Reload(file with { Pools = [file.Pools[0] with { Listen = listen }] });
        Eventually.True(() => client.Call("SET", RedisTopology.Key(2), "1") == "+OK\r\n" && added.Call("DBSIZE") == ":1\r\n", "the new server is used");

        Assert.That(client.Call("EVALSHA", DigestOf(Script), "1", RedisTopology.Key(2)), Is.EqualTo(":2\r\n"));
    }

    [Test]
    public void InATransaction_ItIsLoadedBefore()
    {
        Load();
        Servers[1].Restart();
        Eventually.True(() => Client.Call("GET", Key(1)) == "$-1\r\n", "the server is back");

        Client.Call("MULTI");
        Client.Call("SET", Key(1), "10");
        Assert.That(Client.Call("EVALSHA", _digest, "1", Key(1)), Is.EqualTo("+QUEUED\r\n"));
        Client.Call("EVALSHA", _digest, "1", Key(1));

        Assert.That(Client.Call("EXEC"), Is.EqualTo("*3\r\n+OK\r\n:11\r\n:12\r\n"));
    }

    [Test]
    public void AfterWatch_ItIsLoadedOnThatConnection()
    {
        Load();
        Servers[1].Restart();
        Eventually.True(() => Client.Call("GET", Key(1)) == "$-1\r\n", "the server is back");

        Client.Call("WATCH", Key(1));
        Client.Call("MULTI");
        Client.Call("EVALSHA", _digest, "1", Key(1));

        Assert.That(Client.Call("EXEC"), Is.EqualTo("*1\r\n:1\r\n"));
    }

    [Test]
    public void TrackingClient_HasItLoadedOnItsOwnConnection()
    {
        Load();
        Client.Call("HELLO", "3");
        Client.Call("CLIENT", "TRACKING", "ON", "OPTIN");
        Servers[1].Call("SCRIPT", "FLUSH");

        // What is said of the next command is not taken by the script that goes before it.
        Client.Call("CLIENT", "CACHING", "YES");
        Assert.That(Client.Call("EVALSHA_RO", DigestOf("return redis.call('get', KEYS[1])"), "1", Key(1)), Is.EqualTo(NoScript));
        Client.Call("SCRIPT", "LOAD", "return redis.call('get', KEYS[1])");
        Servers[1].Call("SCRIPT", "FLUSH");
        Client.Call("CLIENT", "CACHING", "YES");
        Assert.That(Client.Call("EVALSHA_RO", DigestOf("return redis.call('get', KEYS[1])"), "1", Key(1)), Is.EqualTo("_\r\n"));

        Servers[1].Call("SET", Key(1), "new");

        Assert.That(Client.ReadReply(), Is.EqualTo($">2\r\n$10\r\ninvalidate\r\n{RespFrame.Array(Key(1))}"));
    }

    [Test]
    public void UserOfTheServers_HasItLoadedAsItself()
    {
        using var topology = RedisTopology.Start(
            2, "users: { default: { nopass: true }, app: { password: a, server_user: app, server_password: s }, poor: { password: p, server_user: poor, server_password: s } }");
        foreach (var server in topology.Servers)
        {
            server.Call("ACL", "SETUSER", "app", "on", ">s", "~*", "+@all");
            server.Call("ACL", "SETUSER", "poor", "on", ">s", "~*", "+@all", "-script");
        }

        using var client = topology.Connect();
        client.Call("SCRIPT", "LOAD", Script);
        topology.Servers[1].Call("SCRIPT", "FLUSH");
        client.Call("AUTH", "poor", "p");
        Assert.That(client.Call("EVALSHA", DigestOf(Script), "1", Key(1)), Is.EqualTo(NoScript), "it may not load");

        client.Call("AUTH", "app", "a");
        Assert.That(client.Call("EVALSHA", DigestOf(Script), "1", Key(1)), Is.EqualTo(":1\r\n"));
        Assert.That(client.Call("SCRIPT", "KILL"), Is.EqualTo("-NOTBUSY No scripts in execution right now.\r\n"));
    }

    [Test]
    public void TableThatHoldsItself_ComesAsTheServerWritesIt()
    {
        string[] request = ["EVAL", "local a = {}; local b = {a}; a[1] = b; return a", "1", Key(1)];
        var expected = Servers[1].Call(request);
        Assert.That(expected, Does.EndWith("-ERR reached lua stack limit\r\n"));

        Assert.That(Client.Call(request), Is.EqualTo(expected));
        Assert.That(Client.Call("GET", Key(1)), Is.EqualTo("$-1\r\n"));
    }

    [Test]
    public void ScriptThatDoesNotCompile_IsTheServersError()
    {
        var error = Client.Call("SCRIPT", "LOAD", "this is not Lua");

        Assert.That(error, Is.EqualTo(Servers[0].Call("SCRIPT", "LOAD", "this is not Lua")));
        Assert.That(Client.Call("SCRIPT", "EXISTS", DigestOf("this is not Lua")), Is.EqualTo("*1\r\n:0\r\n"));
    }

    [TestCase("SCRIPT", "FLUSH", "NOW")]
    [TestCase("SCRIPT", "FLUSH", "SYNC", "ASYNC")]
    [TestCase("SCRIPT", "LOAD")]
    [TestCase("SCRIPT", "EXISTS")]
    [TestCase("SCRIPT", "NOSUCH")]
    [TestCase("SCRIPT", "HELP")]
    [TestCase("SCRIPT", "KILL")]
    [TestCase("EVALSHA", "x", "0")]
    public void Reply_IsThatOfAServer(params string[] request) => Assert.That(Client.Call(request), Is.EqualTo(Servers[0].Call(request)));

    [Test]
    public void WithoutKeys_ItRunsOnTheFirstServer()
    {
        Load();
        var digest = Client.Call("SCRIPT", "LOAD", "return redis.call('set', 'here', 1)").Split("\r\n")[1];

        Assert.That(Client.Call("EVALSHA", digest, "0"), Is.EqualTo("+OK\r\n"));

        Assert.That(Servers.Select(server => server.Call("EXISTS", "here")), Is.EqualTo([":1\r\n", ":0\r\n", ":0\r\n"]));
    }

    [Test]
    public void ManyClientsAndARestart_EveryCallRunsOrFailsForTheServer()
    {
        Load();
        using var ended = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 8).Select(i => Task.Factory.StartNew(() => CallUntil(ended.Token, i), TaskCreationOptions.LongRunning)).ToArray();
        for (var i = 0; i < 3; i++)
        {
            Eventually.LetTimePass(TimeSpan.FromMilliseconds(200));
            Servers[1].Restart();
        }

        Eventually.LetTimePass(TimeSpan.FromMilliseconds(200));
        ended.Cancel();
        Task.WaitAll(callers);

        Assert.That(callers.Sum(caller => caller.Result), Is.Zero, "NOSCRIPT");
    }

    private static string DigestOf(string script) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(System.Text.Encoding.Latin1.GetBytes(script)));

    private void Load()
    {
        _digest = DigestOf(Script);
        Assert.That(Client.Call("SCRIPT", "LOAD", Script), Is.EqualTo(RespFrame.Bulk(_digest)));
    }

    private string Call(int server) => Client.Call("EVALSHA", _digest, "1", Key(server));

    /// <summary>How often the script was missing.</summary>
    private int CallUntil(CancellationToken ended, int number)
    {
        using var client = Topology.Connect();
        var missing = 0;
        while (!ended.IsCancellationRequested)
        {
            missing += client.Call("EVALSHA", _digest, "1", Key(1, number)) == NoScript ? 1 : 0;
        }

        return missing;
    }
}
