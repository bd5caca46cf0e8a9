using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Commands;

/// <summary>Wrong arity and unknown subcommands, of every command that a real server has, get that server's own texts.</summary>
public sealed class ArityTests() : TopologyTests(servers: 2)
{
    [Test]
    public void EveryCommandThatNeedsArguments_WithoutThem_GetsRedisText()
    {
        using var plain = Servers[0].Connect();
        var names = plain.Call("COMMAND", "LIST").Split("\r\n").Where(line => line.Length > 0 && line[0] is not ('*' or '$')).ToArray();
        var tooShort = names.Where(name => Arity(plain, name) is > 1 or < -1).ToArray();
        Assert.That(tooShort, Has.Length.GreaterThan(150));

        Assert.That(tooShort.Select(name => Client.Call(name)), Is.EqualTo(tooShort.Select(name => plain.Call(name))));
    }

    [Test]
    public void CommandsOfFixedArity_WithOneArgumentMore_GetRedisText()
    {
        using var plain = Servers[0].Connect();
        string[] names =
            ["get", "incr", "setex", "hget", "lrange", "zscore", "getrange", "linsert", "lmove", "smove", "psetex", "hsetnx", "type", "dump"];
        var requests = names.Select(name => (string[])[name, .. Enumerable.Repeat("1", Arity(plain, name))]).ToArray();

        Assert.That(requests.Select(request => Client.Call(request)), Is.EqualTo(requests.Select(request => plain.Call(request))));
    }

    [TestCase("CONFIG")]
    [TestCase("CONFIG NOSUCH")]
    [TestCase("XINFO")]
    [TestCase("XINFO nosuch k")]
    [TestCase("OBJECT ENCODING")]
    [TestCase("COMMAND NOSUCH")]
    [TestCase("COMMAND GETKEYS")]
    [TestCase("SCRIPT")]
    [TestCase("CLUSTER NOSUCH")]
    [TestCase("SENTINEL MASTERS")]
    public void Subcommands_GetRedisText(string command)
    {
        var words = command.Split(' ');

        Assert.That(Client.Call(words), Is.EqualTo(Servers[0].Call(words)));
    }

    /// <summary>The second field of the command's row in <c>COMMAND INFO</c>.</summary>
    private static int Arity(RespClient plain, string name) =>
        int.Parse(plain.Call("COMMAND", "INFO", name).Split("\r\n")[4].TrimStart(':'));
}
