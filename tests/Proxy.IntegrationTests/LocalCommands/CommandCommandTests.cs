using NUnit.Framework;

namespace Proxy.IntegrationTests.LocalCommands;

/// <summary>COMMAND and its subcommands, against the server whose table the proxy's was made from.</summary>
public sealed class CommandCommandTests() : TopologyTests(servers: 1)
{
    [TestCase("COMMAND GETKEYS GET a")]
    [TestCase("COMMAND GETKEYS MSET a 1 b 2")]
    [TestCase("COMMAND GETKEYS ZUNIONSTORE d 2 a b WEIGHTS 1 2")]
    [TestCase("COMMAND GETKEYS EVAL x 2 a b c")]
    [TestCase("COMMAND GETKEYS XREAD COUNT 1 STREAMS a b 0 0")]
    [TestCase("COMMAND GETKEYS SORT a STORE b")]
    [TestCase("COMMAND GETKEYS GEORADIUS a 1 1 1 km STOREDIST b")]
    [TestCase("COMMAND GETKEYS MIGRATE h 1 \u0000 0 1 KEYS a b")]
    [TestCase("COMMAND GETKEYS PING")]
    [TestCase("COMMAND GETKEYS NOSUCH a")]
    [TestCase("COMMAND GETKEYS GET")]
    [TestCase("COMMAND GETKEYSANDFLAGS SET a b")]
    [TestCase("COMMAND GETKEYSANDFLAGS LMOVE a b LEFT LEFT")]
    [TestCase("COMMAND INFO get")]
    [TestCase("COMMAND INFO GET nosuch mset")]
    [TestCase("COMMAND COUNT")]
    [TestCase("COMMAND HELP")]
    public void Reply_IsTheServers(string command)
    {
        var words = command.Replace("\0", "", StringComparison.Ordinal).Split(' ');

        Assert.That(Client.Call(words), Is.EqualTo(Servers[0].Call(words)));
    }

    [Test]
    public void Command_ListsEveryCommand()
    {
        var count = Client.Call("COMMAND", "COUNT")[1..^2];

        Assert.That(Client.Call("COMMAND"), Does.StartWith($"*{count}\r\n*10\r\n"));
        Assert.That(Client.Call("COMMAND", "LIST"), Does.StartWith($"*{count}\r\n"));
    }

    [Test]
    public void CommandInfo_EveryCommand_HasNameArityAndKeysOfTheServer()
    {
        var list = Client.Call("COMMAND", "LIST").Split("\r\n").Where(line => line.Length > 0 && line[0] is not ('*' or '$')).ToArray();
        Assert.That(list, Has.Length.GreaterThan(200));

        Assert.That(list.Select(name => Head(Client.Call("COMMAND", "INFO", name))), Is.EqualTo(list.Select(name => Head(Servers[0].Call("COMMAND", "INFO", name)))));
    }

    [TestCase("COMMAND DOCS")]
    [TestCase("COMMAND DOCS get")]
    public void CommandDocs_IsAnArray(string command) => Assert.That(Client.Call(command.Split(' ')), Does.StartWith("*"));

    /// <summary>Name and arity: the lines before the flags.</summary>
    private static string Head(string reply) => string.Join(' ', reply.Split("\r\n").Take(5));
}
