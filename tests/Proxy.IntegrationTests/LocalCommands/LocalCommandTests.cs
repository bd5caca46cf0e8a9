using System.Globalization;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.LocalCommands;

/// <summary>What the proxy answers itself, as one standalone master would.</summary>
public sealed class LocalCommandTests() : TopologyTests(servers: 2)
{
    [TestCase("PING", "+PONG\r\n")]
    [TestCase("ping", "+PONG\r\n")]
    [TestCase("PING hello", "$5\r\nhello\r\n")]
    [TestCase("ECHO hello", "$5\r\nhello\r\n")]
    [TestCase("AUTH default anything", "+OK\r\n")]
    [TestCase("AUTH nobody anything", "-WRONGPASS invalid username-password pair or user is disabled.\r\n")]
    [TestCase(
        "AUTH secret",
        "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n")]
    [TestCase("CLIENT GETNAME", "$-1\r\n")]
    [TestCase("CLIENT SETINFO LIB-NAME x", "+OK\r\n")]
    [TestCase("CLIENT SETINFO lib-ver 1.2.3", "+OK\r\n")]
    [TestCase("RESET", "+RESET\r\n")]
    [TestCase("ROLE", "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n")]
    [TestCase("READONLY", "-ERR This instance has cluster support disabled\r\n")]
    [TestCase("READWRITE", "-ERR This instance has cluster support disabled\r\n")]
    public void Answer_IsTheOneOfAStandaloneMaster(string command, string reply) =>
        Assert.That(Client.Call(command.Split(' ')), Is.EqualTo(reply));

    [TestCase("a b")]
    [TestCase("a\nb")]
    public void ClientName_WithSpacesOrLineEnds_IsRefusedAsByRedis(string name)
    {
        const string Refusal = "-ERR Client names cannot contain spaces, newlines or special characters.\r\n";

        Assert.That(Client.Call("CLIENT", "SETNAME", name), Is.EqualTo(Refusal));
        Assert.That(Client.Call("CLIENT", "GETNAME"), Is.EqualTo("$-1\r\n"));
    }

    [Test]
    public void ClientName_IsKeptUntilReset()
    {
        Assert.That(Client.Call("CLIENT", "SETNAME", "me"), Is.EqualTo("+OK\r\n"));
        Assert.That(Client.Call("CLIENT", "GETNAME"), Is.EqualTo("$2\r\nme\r\n"));
        Assert.That(Client.Call("CLIENT", "INFO"), Does.Contain(" name=me "));

        Client.Call("RESET");

        Assert.That(Client.Call("CLIENT", "GETNAME"), Is.EqualTo("$-1\r\n"));
    }

    [Test]
    public void ClientId_IsAnIntegerOfItsOwnForEachConnection()
    {
        using var other = Topology.Connect();
        var id = Client.Call("CLIENT", "ID");

        Assert.That(id, Does.Match("^:[1-9][0-9]*\r\n$"));
        Assert.That(other.Call("CLIENT", "ID"), Is.Not.EqualTo(id));
        Assert.That(Client.Call("CLIENT", "ID"), Is.EqualTo(id));
        Assert.That(Client.Call("CLIENT", "INFO"), Does.Contain($"id={id[1..^2]} "));
    }

    [TestCase("INFO")]
    [TestCase("INFO all")]
    [TestCase("INFO server replication")]
    public void Info_TellsAboutAStandaloneMaster(string command)
    {
        var info = Client.Call(command.Split(' '));

        Assert.That(info, Does.Match("\r\nredis_version:7\\.[0-9.]+\r\n"));
        Assert.That(info, Does.Contain("\r\nredis_mode:standalone\r\n"));
        Assert.That(info, Does.Contain("\r\nrole:master\r\n"));
        Assert.That(info, Does.Not.Contain("loading:1"));
    }

    [Test]
    public void Info_OfOneSection_HasOnlyThat()
    {
        Assert.That(Client.Call("INFO", "replication"), Does.Contain("# Replication\r\nrole:master\r\n").And.Not.Contain("redis_mode"));
        Assert.That(Client.Call("INFO", "cluster"), Does.Contain("cluster_enabled:0\r\n"));
    }

    [Test]
    public void Time_IsNow()
    {
        var words = Client.Call("TIME").Split("\r\n");
        var time = DateTimeOffset.FromUnixTimeSeconds(long.Parse(words[2], CultureInfo.InvariantCulture));

        Assert.That(words[0], Is.EqualTo("*2"));
        Assert.That(time, Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(1)));
        Assert.That(int.Parse(words[4], CultureInfo.InvariantCulture), Is.InRange(0, 999_999));
    }

    [Test]
    public void Lolwut_ShowsAVersion() => Assert.That(Client.Call("LOLWUT"), Does.StartWith("$").And.Contain("Redis ver. 7."));

    [Test]
    public void LocalAnswers_KeepTheirPlaceInAPipeline()
    {
        Client.Call("MSET", Key(0), "a", Key(1), "b");

        Client.Send([
            .. RespFrame.Request("GET", Key(0)), .. RespFrame.Request("ECHO", "1"), .. RespFrame.Request("GET", Key(1)),
            .. RespFrame.Request("NOSUCH"), .. RespFrame.Request("MGET", Key(0), Key(1)), .. RespFrame.Request("ECHO", "2"),
        ]);

        Assert.That(
            Client.ReadReplies(6),
            Is.EqualTo(
                "$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n-ERR unknown command 'NOSUCH', with args beginning with: \r\n"
                + "*2\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\n2\r\n"));
    }

    [Test]
    public void LocalCommands_NeverReachAServer()
    {
        string[] commands =
            ["ECHO x", "SELECT 0", "AUTH default x", "HELLO 2", "CLIENT SETNAME x", "COMMAND COUNT", "SELECT 3", "HELLO 3", "TIME", "RESET", "ROLE"];
        foreach (var command in commands)
        {
            Client.Call(command.Split(' '));
        }

        string[] names = ["echo", "select", "auth", "hello", "client|setname", "command|count", "time", "reset", "role"];
        Assert.That(names.SelectMany(name => Servers.Select(server => server.CallsOf(name))), Is.All.Zero);
    }

    [Test]
    public void Echo_IsByteExact()
    {
        var bytes = string.Concat(Enumerable.Range(0, 256).Select(i => (char)i));

        Assert.That(Client.Call("ECHO", bytes), Is.EqualTo(RespFrame.Bulk(bytes)));
    }
}
