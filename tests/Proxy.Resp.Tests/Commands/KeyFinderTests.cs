using NUnit.Framework;
using Proxy.Resp.Commands;
using Proxy.Testing;

namespace Proxy.Resp.Tests.Commands;

/// <summary>Where execution and COMMAND GETKEYS of a server differ, or no server can tell; all else stands in <see cref="KeyExampleTests"/>.</summary>
internal sealed class KeyFinderTests
{
    [TestCase("PFMERGE d", KeySearch.Found, 1)]
    [TestCase("XREADGROUP COUNT 1 GROUP streams c STREAMS k >", KeySearch.Found, 7)]
    [TestCase("XREADGROUP GROUP streams streams STREAMS streams >", KeySearch.Found, 5)]
    [TestCase("XREAD STREAMS a b 0", KeySearch.Invalid)]
    [TestCase("GEORADIUS k 0 0 1 m STORE a STOREDIST b", KeySearch.Found, 1, 9)]
    [TestCase("GEORADIUS k 0 0 1 m COUNT STORE b", KeySearch.Found, 1)]
    [TestCase("SORT k GET STORE STORE d", KeySearch.Found, 1, 5)]
    [TestCase("SORT_RO k STORE d", KeySearch.Found, 1)]
    [TestCase("ZUNION 4294967297 a", KeySearch.Invalid)]
    [TestCase("ZUNION -9223372036854775808 a", KeySearch.Invalid)]
    [TestCase("EVAL return 4294967297 a", KeySearch.KeyCountTooLarge)]
    [TestCase("EVAL return -9223372036854775808 a", KeySearch.KeyCountNegative)]
    [TestCase("EVAL return 0 a b", KeySearch.NoKeys)]
    [TestCase("FCALL f 0 a", KeySearch.NoKeys)]
    [TestCase("FCALL f 00 a", KeySearch.Invalid)]
    [TestCase("PING a", KeySearch.NoKeys)]
    [TestCase("XGROUP HELP", KeySearch.NoKeys)]
    [TestCase("MSET a 1 b", KeySearch.WrongArity)]
    [TestCase("MGET a a a", KeySearch.Found, 1, 2, 3)]
    [TestCase("MSET a 1 b 2", KeySearch.Found, 1, 3)]
    [TestCase("SPUBLISH c m", KeySearch.NoKeys)]
    public void Request_ItsKeys(string line, KeySearch expected, params int[] positions)
    {
        var request = TestRequest.Parse(line);
        CommandTable.Resolve(request.Frame, out var command);
        var keys = new KeyPositions();
        keys.Add(99, KeySpecFlags.None);

        var search = KeyFinder.Find(command!, request.Frame, keys);

        var found = search == KeySearch.Found ? Enumerable.Range(0, keys.Count).Select(at => keys[at]).ToArray() : [];
        Assert.That(search, Is.EqualTo(expected));
        Assert.That(found, Is.EqualTo(positions));
    }

    [Test]
    public void ManyKeys_AllFound()
    {
        var request = new TestRequest([.. Enumerable.Range(0, 1001).Select(at => at == 0 ? "MGET" : $"k{at}")]);
        var keys = new KeyPositions();
        KeyFinder.Find(CommandTable.Find("mget"u8)!, request.Frame, keys);
        Assert.That((keys.Count, keys[999]), Is.EqualTo((1000, 1000)));
    }

    [TestCase("GET k")]
    [TestCase("MGET a b c d")]
    [TestCase("EVAL return 2 a b c")]
    [TestCase("ZUNIONSTORE d 2 a b")]
    [TestCase("XREADGROUP GROUP g c COUNT 1 STREAMS a b > >")]
    [TestCase("SORT k BY w LIMIT 0 1 STORE d")]
    public void Search_AllocatesNothing(string line)
    {
        var request = TestRequest.Parse(line);
        CommandTable.Resolve(request.Frame, out var command);
        var keys = new KeyPositions();

        Assert.That(Allocations.Of(() => KeyFinder.Find(command!, request.Frame, keys)), Is.Zero);
    }
}
