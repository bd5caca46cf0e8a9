using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Commands;

/// <summary>MGET, MSET, DEL, UNLINK, EXISTS and TOUCH over several servers: one fragment per server, one joined reply.</summary>
public sealed class SplitCommandTests() : TopologyTests(servers: 3)
{
    private static readonly string[] Keys = [Key(2), Key(0), Key(1), Key(0, 1), Key(2, 1)];

    [Test]
    public void Mset_OverThreeServers_EachKeyIsOnItsServer()
    {
        Assert.That(Client.Call("MSET", Key(0), "a", Key(1), "b", Key(2), "c"), Is.EqualTo("+OK\r\n"));

        Assert.That(Servers.Select((server, i) => server.Call("GET", Key(i))), Is.EqualTo(["$1\r\na\r\n", "$1\r\nb\r\n", "$1\r\nc\r\n"]));
        Assert.That(Servers.Select(server => server.Call("DBSIZE")), Is.All.EqualTo(":1\r\n"));
    }

    [Test]
    public void Mget_OverThreeServers_ValuesInTheOrderOfTheRequest()
    {
        foreach (var key in Keys)
        {
            Client.Call("SET", key, $"value of {key}");
        }

        Assert.That(Client.Call(["MGET", .. Keys]), Is.EqualTo(RespFrame.Array([.. Keys.Select(key => $"value of {key}")])));
    }

    [Test]
    public void Mget_MissingKeysAndKeysOfOtherTypes_AreNull()
    {
        Client.Call("SET", Key(1), "here");
        Client.Call("RPUSH", Key(2), "a list");

        Assert.That(Client.Call("MGET", Key(0), Key(1), Key(2)), Is.EqualTo("*3\r\n$-1\r\n$4\r\nhere\r\n$-1\r\n"));
    }

    [Test]
    public void Mget_SameKeyAgain_IsRepeated()
    {
        Client.Call("SET", Key(1), "x");

        Assert.That(Client.Call("MGET", Key(1), Key(0), Key(1)), Is.EqualTo("*3\r\n$1\r\nx\r\n$-1\r\n$1\r\nx\r\n"));
    }

    [Test]
    public void Mset_SameKeyAgain_LastValueWins()
    {
        Client.Call("MSET", Key(1), "first", Key(0), "x", Key(1), "last");

        Assert.That(Client.Call("GET", Key(1)), Is.EqualTo("$4\r\nlast\r\n"));
    }

    [TestCase("DEL")]
    [TestCase("UNLINK")]
    [TestCase("TOUCH")]
    [TestCase("EXISTS")]
    public void Counted_OverThreeServers_Sum(string command)
    {
        Client.Call("MSET", Key(0), "a", Key(1), "b", Key(2), "c", Key(2, 1), "d");

        Assert.That(Client.Call(command, Key(2), Key(0), Key(1), Key(2, 1), Key(1, 9)), Is.EqualTo(":4\r\n"));
    }

    [TestCase("DEL", ":2\r\n")]
    [TestCase("UNLINK", ":2\r\n")]
    [TestCase("TOUCH", ":3\r\n")]
    [TestCase("EXISTS", ":3\r\n")]
    public void Counted_SameKeyAgain_CountedAsRedisDoes(string command, string reply)
    {
        Client.Call("MSET", Key(0), "a", Key(1), "b");

        Assert.That(Client.Call(command, Key(0), Key(1), Key(0)), Is.EqualTo(reply));
    }

    [TestCase("DEL")]
    [TestCase("UNLINK")]
    public void Removed_OverThreeServers_IsGone(string command)
    {
        Client.Call("MSET", Key(0), "a", Key(1), "b", Key(2), "c");

        Client.Call(command, Key(0), Key(1), Key(2));

        Assert.That(Servers.Select(server => server.Call("DBSIZE")), Is.All.EqualTo(":0\r\n"));
    }

    [TestCase("MGET")]
    [TestCase("DEL")]
    [TestCase("EXISTS")]
    public void Split_OneFragmentPerServer(string command)
    {
        var name = command.ToLowerInvariant();
        var before = Servers.Select(server => server.CallsOf(name)).ToArray();

        Client.Call([command, .. Keys]);

        Assert.That(Servers.Select((server, i) => server.CallsOf(name) - before[i]), Is.All.EqualTo(1));
    }

    [Test]
    public void Split_ThousandsOfKeys_AllThere()
    {
        var keys = Enumerable.Range(0, 3000).Select(i => $"key:{i}").ToArray();
        Client.Call(["MSET", .. keys.SelectMany(key => new[] { key, $"of {key}" })]);

        Assert.That(Client.Call(["MGET", .. keys]), Is.EqualTo(RespFrame.Array([.. keys.Select(key => $"of {key}")])));
        Assert.That(Client.Call(["EXISTS", .. keys]), Is.EqualTo(":3000\r\n"));
    }

    [Test]
    public void Split_LargeValues_Whole()
    {
        var values = new[] { new string('a', 3_000_000), new string('b', 70_000), new string('c', 1_000_001) };

        Client.Call("MSET", Key(0), values[0], Key(1), values[1], Key(2), values[2]);

        Assert.That(Client.Call("MGET", Key(2), Key(0), Key(1)) == RespFrame.Array(values[2], values[0], values[1]));
    }

    [TestCase("MGET", "*1\r\n$-1\r\n")]
    [TestCase("DEL", ":0\r\n")]
    [TestCase("UNLINK", ":0\r\n")]
    [TestCase("EXISTS", ":0\r\n")]
    [TestCase("TOUCH", ":0\r\n")]
    public void Split_OfOneKey_IsForwarded(string command, string reply) =>
        Assert.That(Client.Call(command, Key(1)), Is.EqualTo(reply));
}
