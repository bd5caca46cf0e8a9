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

    [TestCase("COMMAND")]
    [TestCase("COMMAND INFO")]
    [TestCase("COMMAND INFO client CONFIG xgroup")]
    [TestCase("COMMAND DOCS")]
    [TestCase("COMMAND DOCS config get nosuch")]
    [TestCase("COMMAND LIST")]
    [TestCase("COMMAND LIST FILTERBY ACLCAT dangerous")]
    [TestCase("COMMAND LIST FILTERBY PATTERN *|*e[a-t]*")]
    public void LongReply_HasTheServersLines_InWhateverOrder(string command)
    {
        var words = command.Split(' ');

        Assert.That(SortedLines(Client.Call(words)), Is.EqualTo(SortedLines(Servers[0].Call(words))));
    }

    [TestCase("INFO")]
    [TestCase("DOCS")]
    public void EachCommandWithoutSubcommands_IsShownAsTheServerShowsIt(string subcommand)
    {
        using var server = Servers[0].Connect();
        var names = server.Call("COMMAND", "LIST").Split("\r\n").Where(line => line.Length > 0 && line[0] is not ('*' or '$')).ToList();
        var containers = names.Where(name => name.Contains('|')).Select(name => name.Split('|')[0]).ToHashSet();

        foreach (var name in names.Where(name => !containers.Contains(name)))
        {
            Assert.That(Client.Call("COMMAND", subcommand, name), Is.EqualTo(server.Call("COMMAND", subcommand, name)), name);
        }
    }

    /// <summary>The server lists commands in the order of a hash table, another one in each process.</summary>
    private static string[] SortedLines(string reply) => [.. reply.Split("\r\n").Order(StringComparer.Ordinal)];
}
