using System.Diagnostics;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Modules;

/// <summary>When servers are asked which commands they have, and what becomes of what they say.</summary>
public sealed class LearningTests
{
    private const string Unknown = "-ERR unknown command 'mod.get'";

    private static readonly string ModGet = Command("mod.get", 1);

    [Test]
    public void CommandOfANewerVersion_RoutedByItsKeys()
    {
        using var first = Server(Command("hexpire", 1));
        using var second = Server(Command("hexpire", 1));
        using var proxy = ProxyProcess.Start(RedisTopology.File([first.Address, second.Address]));
        using var client = proxy.Connect();

        Assert.That(client.Call("HEXPIRE", RedisTopology.Key(1), "10", "FIELDS", "1", "f"), Is.EqualTo("+OK\r\n"));

        Assert.That(second.Requests, Does.Contain($"HEXPIRE {RedisTopology.Key(1)} 10 FIELDS 1 f"));
        Assert.That(first.Requests.Where(request => request.StartsWith("HEXPIRE", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void CommandThatOneServerTells_WholePoolKnows()
    {
        using var first = Server(ModGet);
        using var second = Server(Command("mod.set", 1));
        using var proxy = ProxyProcess.Start(RedisTopology.File([first.Address, second.Address]));
        using var client = proxy.Connect();

        Assert.That(client.Call("mod.get", RedisTopology.Key(1)), Is.EqualTo("+OK\r\n"));
        Assert.That(client.Call("mod.set", RedisTopology.Key(0)), Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void PipelineWithANewCommand_KeepsItsOrder()
    {
        using var server = Server(ModGet);
        using var proxy = ProxyProcess.Start(RedisTopology.File([server.Address]));
        using var client = proxy.Connect();

        client.Send([
            .. RespFrame.Request("PING"), .. RespFrame.Request("mod.get", "a"), .. RespFrame.Request("ECHO", "x"), .. RespFrame.Request("nosuch")]);

        Assert.That(client.ReadReplies(4), Is.EqualTo("+PONG\r\n+OK\r\n$1\r\nx\r\n-ERR unknown command 'nosuch', with args beginning with: \r\n"));
    }

    [Test]
    public void Nonsense_AsksTheServersOnceInAWhile()
    {
        using var server = Server(ModGet);
        using var proxy = ProxyProcess.Start(RedisTopology.File([server.Address]));
        using var client = proxy.Connect();

        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 500; i++)
        {
            Assert.That(client.Call($"nosuch{i}"), Does.StartWith("-ERR unknown command"));
        }

        Assert.That(server.CommandsTold, Is.InRange(1, 2 + (int)clock.Elapsed.TotalSeconds));
    }

    [Test]
    public void ServerThatComesLater_IsAskedThen()
    {
        using var server = Server(ModGet);
        server.Refuse();
        using var proxy = ProxyProcess.Start(RedisTopology.File([server.Address]));
        using var client = proxy.Connect();
        Assert.That(client.Call("mod.get", "a"), Does.StartWith(Unknown));

        server.Listen();

        Eventually.Equal(() => client.Call("mod.get", "a"), "+OK\r\n", "the command is known");
    }

    [Test]
    public void ServerThatComesBackWithOtherCommands_IsAskedAgain()
    {
        using var server = Server(Command("mod.old", 1));
        using var proxy = ProxyProcess.Start(RedisTopology.File([server.Address]));
        using var client = proxy.Connect();
        Assert.That(client.Call("mod.old", "a"), Is.EqualTo("+OK\r\n"));

        server.Refuse();
        Eventually.True(() => client.Call("GET", "a").StartsWith('-'), "it is known to be away");
        server.Commands = Reply(ModGet);
        server.Listen();
        Eventually.Equal(() => client.Call("GET", "a"), "+OK\r\n", "it is back");

        Eventually.Equal(() => client.Call("mod.get", "a"), "+OK\r\n", "the command is known");
        Assert.That(client.Call("mod.old", "a"), Does.StartWith("-ERR unknown command 'mod.old'"));
    }

    [Test]
    public void ServerThatLoadsAModule_IsAskedAgainWhenItsCommandIsUsed()
    {
        using var server = Server(Command("mod.old", 1));
        using var proxy = ProxyProcess.Start(RedisTopology.File([server.Address]));
        using var client = proxy.Connect();
        Assert.That(client.Call("mod.old", "a"), Is.EqualTo("+OK\r\n"));

        server.Commands = Reply(ModGet);

        Eventually.Equal(() => client.Call("mod.get", "a"), "+OK\r\n", "the command is known");
    }

    [Test]
    public void ServerOfAReload_IsAskedToo()
    {
        using var old = Server("");
        using var added = Server(ModGet);
        using var proxy = ProxyProcess.Start(RedisTopology.File([old.Address]));
        using var client = proxy.Connect();
        Assert.That(client.Call("mod.get", "a"), Does.StartWith(Unknown));

        proxy.Reload(proxy.File with { Pools = [proxy.File.Pools[0] with { Servers = [added.Address] }] });

        Eventually.Equal(() => client.Call("mod.get", "a"), "+OK\r\n", "the command is known");
    }

    [Test]
    public void ServerThatLeaves_TakesItsCommandsWithIt()
    {
        using var old = Server(ModGet);
        using var added = Server("");
        using var proxy = ProxyProcess.Start(RedisTopology.File([old.Address]));
        using var client = proxy.Connect();
        Assert.That(client.Call("mod.get", "a"), Is.EqualTo("+OK\r\n"));

        proxy.Reload(proxy.File with { Pools = [proxy.File.Pools[0] with { Servers = [added.Address] }] });

        Eventually.True(() => client.Call("mod.get", "a").StartsWith(Unknown, StringComparison.Ordinal), "nobody knows it");
    }

    [TestCase("*1\r\n:x\r\n")]
    [TestCase("*2147483647\r\n")]
    [TestCase("$-2\r\n")]
    [TestCase("-NOPERM this user has no permissions to run the 'command' command\r\n")]
    [TestCase("garbage\r\n")]
    [TestCase("*3\r\n*0\r\n:1\r\n$3\r\nget\r\n")]
    public void ReplyThatMakesNoSense_TellsOfNothing(string reply)
    {
        using var server = Server("");
        server.Commands = reply;
        using var proxy = ProxyProcess.Start(RedisTopology.File([server.Address]));
        using var client = proxy.Connect();

        Assert.That(client.Call("mod.get", "a"), Does.StartWith(Unknown));
        Assert.That(client.Call("GET", "a"), Is.EqualTo("+OK\r\n"));
        Assert.That(client.Call("SELECT", "17"), Is.EqualTo("-ERR DB index is out of range\r\n"), "the rest of what it told is known");
    }

    [Test]
    public void EndlessReply_TellsOfNothing()
    {
        using var server = Server("");
        server.Commands = Reply([.. Enumerable.Range(0, 60_000).Select(i => Command($"m{i}", 1))]);
        Assert.That(server.Commands, Has.Length.GreaterThan(8 * 1024 * 1024));
        using var proxy = ProxyProcess.Start(RedisTopology.File([server.Address]));
        using var client = proxy.Connect();

        Assert.That(client.Call("m1", "a"), Does.StartWith("-ERR unknown command 'm1'"));
        Assert.That(client.Call("GET", "a"), Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void WhatAServerSaysOfKnownCommands_IsNotBelieved()
    {
        using var first = Server(Command("get", 2), Command("del", 0), Command("client", 1), ModGet);
        using var second = Server(Command("get", 2), ModGet);
        using var proxy = ProxyProcess.Start(RedisTopology.File([first.Address, second.Address]));
        using var client = proxy.Connect();
        client.Call("mod.get", RedisTopology.Key(0));

        Assert.That(client.Call("GET", RedisTopology.Key(1)), Is.EqualTo("+OK\r\n"));
        Assert.That(second.Requests, Does.Contain($"GET {RedisTopology.Key(1)}"));
        Assert.That(client.Call("CLIENT", "GETNAME"), Is.EqualTo("$-1\r\n"));
    }

    [Test]
    public void KeysWhereNoneCanBe_DoNoHarm()
    {
        using var first = Server(Command("mod.far", 900), Command("mod.loop", 1, step: 0), Command("mod.back", -5));
        using var second = Server("");
        using var proxy = ProxyProcess.Start(RedisTopology.File([first.Address, second.Address]));
        using var client = proxy.Connect();

        Assert.That(client.Call("mod.loop", "a"), Does.StartWith("-ERR command 'mod.loop' is not supported"));
        Assert.That(client.Call("mod.back", "a"), Does.StartWith("-ERR command 'mod.back' is not supported"));
        Assert.That(client.Call("mod.far", "a"), Is.EqualTo("+OK\r\n"), "only a server has the words for it");
        Assert.That(client.Call("GET", RedisTopology.Key(0)), Is.EqualTo("+OK\r\n"));
    }

    private static ScriptedServer Server(params string[] commands)
    {
        var server = ScriptedServer.Answering(static _ => "+OK\r\n");
        server.Commands = Reply(commands);
        return server;
    }

    private static string Reply(params string[] commands) =>
        $"*{commands.Count(command => command.Length > 0)}\r\n{string.Concat(commands)}";

    // A command as Redis 7.0 tells of it, that writes to the key at a place. Blanks stand for CRLF.
    private static string Command(string name, int key, int step = 1)
    {
        var spec = $"*6 $5 flags *2 +RW +update $12 begin_search *4 $4 type $5 index $4 spec *2 $5 index :{key} "
            + $"$9 find_keys *4 $4 type $5 range $4 spec *6 $7 lastkey :0 $7 keystep :{step} $5 limit :0 ";
        return $"*10 ${name.Length} {name} :-1 *1 +write :{key} :{key} :{step} *0 *0 *1 {spec}*0 ".Replace(" ", "\r\n");
    }
}
