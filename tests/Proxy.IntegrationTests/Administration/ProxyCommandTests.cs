using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Administration;

/// <summary>PROXY: what only a proxy knows.</summary>
public sealed class ProxyCommandTests() : TopologyTests(servers: 2)
{
    [Test]
    public void Route_TellsTheServerOfEachKey()
    {
        Client.Call("PING");

        Assert.That(
            Client.Call("PROXY", "ROUTE", Key(0), Key(1)),
            Does.Match(
                $"^\\*2\r\n\\*8\r\n\\$3\r\nkey\r\n\\$5\r\nkey:0\r\n\\$6\r\nserver\r\n\\$6\r\nshard0\r\n\\$7\r\naddress\r\n\\$[0-9]+\r\n{Servers[0].Address}\r\n\\$5\r\nstate\r\n\\$[0-9]+\r\n[a-z]+\r\n"
                + $"\\*8\r\n\\$3\r\nkey\r\n\\$8\r\nkey:1000\r\n\\$6\r\nserver\r\n\\$6\r\nshard1\r\n\\$7\r\naddress\r\n\\$[0-9]+\r\n{Servers[1].Address}\r\n\\$5\r\nstate\r\n\\$[0-9]+\r\n[a-z]+\r\n$"));
    }

    [TestCase("slots", "slot", ":12182")]
    [TestCase("ketama", "hash", ":")]
    [TestCase("modula", "hash", ":")]
    public void Route_TellsWhatLedThere(string distribution, string name, string value)
    {
        using var proxy = ProxyProcess.Start(new ProxyFile
        {
            Pools = [new PoolText { Servers = [.. Servers.Select(server => server.Address)], Distribution = distribution }],
        });
        using var client = proxy.Connect();
        client.Call("HELLO", "3");

        Assert.That(client.Call("PROXY", "ROUTE", "foo"), Does.StartWith("*1\r\n%5\r\n$3\r\nkey\r\n$3\r\nfoo\r\n").And.Contain($"\r\n$4\r\n{name}\r\n{value}"));
    }

    [Test]
    public void RouteUnderRandom_KnowsNoServer()
    {
        using var proxy = ProxyProcess.Start(new ProxyFile
        {
            Pools = [new PoolText { Servers = [.. Servers.Select(server => server.Address)], Distribution = "random" }],
        });
        using var client = proxy.Connect();

        Assert.That(client.Call("PROXY", "ROUTE", "foo"), Is.EqualTo("*1\r\n*8\r\n$3\r\nkey\r\n$3\r\nfoo\r\n$6\r\nserver\r\n$-1\r\n$7\r\naddress\r\n$-1\r\n$5\r\nstate\r\n$-1\r\n"));
    }

    [Test]
    public void Route_AgreesWithWhereKeysGo()
    {
        for (var i = 0; i < 20; i++)
        {
            var key = Key(i % 2, i * 13);
            Client.Call("SET", key, "v");
            var home = Client.Call("PROXY", "ROUTE", key).Contains("shard0", StringComparison.Ordinal) ? 0 : 1;

            Assert.That(Servers[home].Call("EXISTS", key), Is.EqualTo(":1\r\n"), key);
        }
    }

    [Test]
    public void RouteOfTooManyKeys_IsRefused() =>
        Assert.That(
            Client.Call(["PROXY", "ROUTE", .. Enumerable.Range(0, 1001).Select(i => $"{i}")]),
            Is.EqualTo("-ERR PROXY ROUTE takes at most 1000 keys\r\n"));

    [Test]
    public void Servers_AreToldWithTheirStateAndFigures()
    {
        Client.Call("HELLO", "3");
        Client.Call("MSET", Key(0), "a", Key(1), "b");
        var reply = Client.Call("PROXY", "SERVERS");

        Assert.That(reply, Does.StartWith("*2\r\n%14\r\n$4\r\nname\r\n$6\r\nshard0\r\n$7\r\naddress\r\n"));
        Assert.That(reply, Does.Contain(Servers[1].Address).And.Contain("$5\r\nstate\r\n$2\r\nup\r\n").And.Contain("$6\r\nweight\r\n:1\r\n"));
        Assert.That(reply, Does.Contain("$13\r\nredis_version\r\n$6\r\n7.0.15\r\n").And.Contain("$11\r\nconnections\r\n:"));
    }

    [TestCase("PROXY HELP", "*7\r\n+PROXY <subcommand> ")]
    [TestCase("proxy help", "*7\r\n+PROXY <subcommand> ")]
    [TestCase("PROXY", "-ERR wrong number of arguments for 'proxy' command\r\n")]
    [TestCase("PROXY NOSUCH", "-ERR unknown subcommand 'NOSUCH'. Try PROXY HELP.\r\n")]
    [TestCase("PROXY ROUTE", "-ERR wrong number of arguments for 'proxy|route' command\r\n")]
    [TestCase("COMMAND INFO proxy", "*1\r\n*10\r\n$5\r\nproxy\r\n:-2\r\n")]
    [TestCase("COMMAND INFO proxy|route", "*1\r\n*10\r\n$11\r\nproxy|route\r\n:-3\r\n")]
    [TestCase("COMMAND DOCS proxy", "*2\r\n$5\r\nproxy\r\n*10\r\n$7\r\nsummary\r\n")]
    public void Proxy_IsACommandLikeOthers(string command, string beginning) => Assert.That(Client.Call(command.Split(' ')), Does.StartWith(beginning));

    [Test]
    public void ProxyInATransaction_IsAnswered()
    {
        Client.Call("MULTI");
        Client.Call("PROXY", "HELP");

        Assert.That(Client.Call("EXEC"), Does.StartWith("*1\r\n*7\r\n+PROXY "));
    }

    [Test]
    public void UserWithoutAdministration_IsRefused()
    {
        using var proxy = ProxyProcess.Start(RedisTopology.File(
            [.. Servers.Select(server => server.Address)], "users: { app: { password: secret, commands: [\"+@all\", \"-@admin\"] } }"));
        using var client = proxy.Connect();
        client.Call("AUTH", "app", "secret");

        Assert.That(client.Call("PROXY", "SERVERS"), Is.EqualTo("-NOPERM this user has no permissions to run the 'proxy|servers' command\r\n"));
        Assert.That(client.Call("CONFIG", "GET", "maxmemory"), Does.StartWith("-NOPERM "));
        Assert.That(client.Call("INFO"), Does.StartWith("$"));
    }
}
