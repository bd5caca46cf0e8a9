using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Commands;

/// <summary>
/// Keys on different servers, in a command that cannot be split: one clear error, nothing done, the connection stays open.
/// </summary>
public sealed class CrossSlotTests() : TopologyTests(servers: 2)
{
    private const string CrossSlot = "-CROSSSLOT Keys in request don't hash to the same slot\r\n";

    /// <summary><c>@</c> is a tag of the first server, <c>%</c> one of the second.</summary>
    [TestCase("RENAME @a %b")]
    [TestCase("RENAMENX @a %b")]
    [TestCase("COPY @a %b")]
    [TestCase("MSETNX @a 1 %b 2")]
    [TestCase("SINTER @a %b")]
    [TestCase("SINTERCARD 2 @a %b")]
    [TestCase("SUNIONSTORE @a %b @c")]
    [TestCase("SMOVE @a %b x")]
    [TestCase("LMOVE @a %b LEFT LEFT")]
    [TestCase("RPOPLPUSH @a %b")]
    [TestCase("LMPOP 2 @a %b LEFT")]
    [TestCase("BITOP AND @a @b %c")]
    [TestCase("PFMERGE @a %b")]
    [TestCase("PFCOUNT @a %b")]
    [TestCase("ZUNION 2 @a %b")]
    [TestCase("ZUNIONSTORE @a 1 %b")]
    [TestCase("ZRANGESTORE @a %b 0 -1")]
    [TestCase("ZMPOP 2 @a %b MIN")]
    [TestCase("GEORADIUS @a 15 37 200 km STORE %b")]
    [TestCase("GEOSEARCHSTORE @a %b FROMLONLAT 15 37 BYRADIUS 1 km")]
    [TestCase("SORT @a STORE %b")]
    [TestCase("XREAD STREAMS @a %b 0 0")]
    [TestCase("EVAL return(1) 2 @a %b")]
    [TestCase("LCS @a %b")]
    public void KeysOnTwoServers_AnswersCrossSlotAndRunsNothing(string command)
    {
        var words = command.Replace("@", "{1}", StringComparison.Ordinal).Replace("%", "{1001}", StringComparison.Ordinal).Split(' ');

        Client.SendCommand(words);
        Client.SendCommand("PING");

        Assert.That(Client.ReadReplies(2), Is.EqualTo(CrossSlot + "+PONG\r\n"));
        Assert.That(Servers.Select(server => server.CallsOf(words[0].ToLowerInvariant())), Is.All.Zero);
    }

    [Test]
    public void SortWhoseKeysMayBeElsewhere_IsRefused()
    {
        Assert.That(Client.Call("SORT_RO", "{1}l", "BY", "{1001}w_*"), Does.StartWith("-ERR BY option of SORT denied"));
        Assert.That(Client.Call("SORT_RO", "{1}l", "GET", "w_*"), Does.StartWith("-ERR GET option of SORT denied"));
        Assert.That(Servers.Select(server => server.CallsOf("sort_ro")), Is.All.Zero);
    }

    [Test]
    public void SortWhoseKeysAreOnItsServer_FindsThem()
    {
        Client.Call("RPUSH", "{1001}l", "a", "b");
        Client.Call("MSET", "{1001}w_a", "2", "{1001}w_b", "1");

        Assert.That(Client.Call("SORT", "{1001}l", "BY", "{1001}w_*", "GET", "{1001}w_*", "GET", "#"), Is.EqualTo(RespFrame.Array("1", "b", "2", "a")));
    }
}
