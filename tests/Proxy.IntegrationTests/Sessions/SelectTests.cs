using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Sessions;

/// <summary>Every client has a database of its own, on all servers.</summary>
public sealed class SelectTests() : TopologyTests(servers: 2)
{
    [TestCase("SELECT 16", "-ERR DB index is out of range\r\n")]
    [TestCase("SELECT -1", "-ERR DB index is out of range\r\n")]
    [TestCase("SELECT abc", "-ERR value is not an integer or out of range\r\n")]
    [TestCase("SELECT 01", "-ERR value is not an integer or out of range\r\n")]
    [TestCase("SELECT 3000000000", "-ERR value is out of range, value must between -2147483648 and 2147483647\r\n")]
    [TestCase("SELECT 99999999999999999999", "-ERR value is not an integer or out of range\r\n")]
    public void RefusedSelect_ChangesNothing(string command, string reply)
    {
        Client.Call("SET", Key(0), "here");

        Assert.That(Client.Call(command.Split(' ')), Is.EqualTo(reply));
        Assert.That(Client.Call("GET", Key(0)), Is.EqualTo("$4\r\nhere\r\n"));
    }

    [Test]
    public void EachClient_SeesTheDatabaseThatItSelected()
    {
        using var other = Topology.Connect();
        Assert.That(other.Call("SELECT", "15"), Is.EqualTo("+OK\r\n"));
        Client.Call("MSET", Key(0), "first", Key(1), "first");
        other.Call("MSET", Key(0), "other", Key(1), "other");

        Assert.That(Client.Call("MGET", Key(0), Key(1)), Is.EqualTo(RespFrame.Array("first", "first")));
        Assert.That(other.Call("MGET", Key(0), Key(1)), Is.EqualTo(RespFrame.Array("other", "other")));
        Assert.That(other.Call("CLIENT", "INFO"), Does.Contain(" db=15 "));
    }

    [Test]
    public void SelectsInAPipeline_EachRequestRunsInTheOneBeforeIt()
    {
        var requests = Enumerable.Range(0, 50).SelectMany(i => new[]
        {
            RespFrame.Request("SELECT", $"{i % 16}"), RespFrame.Request("INCR", Key(i % 2)), RespFrame.Request("MSET", Key(0, 1), "x", Key(1, 1), "y"),
        });

        Client.Send([.. requests.SelectMany(request => request)]);

        var expected = Enumerable.Range(0, 50).Select(i => $"+OK\r\n:{(i / 16) + 1}\r\n+OK\r\n");
        Assert.That(Client.ReadReplies(150), Is.EqualTo(string.Concat(expected)));
    }
}
