using System.Text;
using NUnit.Framework;
using Proxy.Resp.Commands;

namespace Proxy.Resp.Tests.Commands;

/// <summary>Where a zero byte stands behind a word, Redis reads the word (tried with a real server).</summary>
internal sealed class OptionWordTests
{
    [TestCase("GET", true)]
    [TestCase("gEt", true)]
    [TestCase("GE", false)]
    [TestCase("GETX", false)]
    [TestCase("", false)]
    [TestCase("GET_", true)]
    [TestCase("get_X", true)]
    [TestCase("GE_T", false)]
    [TestCase("_GET", false)]
    [TestCase("GETX_", false)]
    public void Argument_IsTheWord(string argument, bool isWord) =>
        Assert.That(OptionWord.Is(Encoding.ASCII.GetBytes(argument.Replace('_', '\0')), "GET"u8), Is.EqualTo(isWord));

    [TestCase("SORT k GET_ x STORE_y d", 1, 5)]
    [TestCase("SORT k LIMIT_ STORE STORE STORE d", 1, 6)]
    [TestCase("GEORADIUS k 0 0 1 m STORE_ d", 1, 7)]
    [TestCase("GEORADIUSBYMEMBER k m 1 m COUNT_ STORE STOREDIST_x d", 1, 8)]
    [TestCase("XREAD STREAMS_ k 0", 2)]
    [TestCase("XREADGROUP GROUP_ STREAMS STREAMS COUNT_x STREAMS STREAMS_ k >", 7)]
    public void KeysBehindSuchWords_AreFound(string line, params int[] positions)
    {
        var request = TestRequest.Parse(line.Replace('_', '\0'));
        CommandTable.Resolve(request.Frame, out var command);
        var keys = new KeyPositions();

        Assert.That(KeyFinder.Find(command!, request.Frame, keys), Is.EqualTo(KeySearch.Found));
        Assert.That(Enumerable.Range(0, keys.Count).Select(at => keys[at]), Is.EqualTo(positions));
    }

    [TestCase("XREAD BLOCK_ 0 STREAMS k $", true)]
    [TestCase("XREAD COUNT_ 1 BLOCK_x 0 STREAMS k $", true)]
    [TestCase("XREADGROUP GROUP_ BLOCK BLOCK STREAMS k >", false)]
    [TestCase("XREAD STREAMS_ BLOCK $", false)]
    public void RequestWithSuchWords_AsksToWait(string line, bool waits) =>
        Assert.That(BlockOption.IsPresent(TestRequest.Parse(line.Replace('_', '\0')).Frame), Is.EqualTo(waits));

    [TestCase("SET k v", KeySpecFlags.Overwrites | KeySpecFlags.Update)]
    [TestCase("SET k v GET_", KeySpecFlags.ReadsAndWrites | KeySpecFlags.Access | KeySpecFlags.Update)]
    [TestCase("SET k v NX_ GET_x", KeySpecFlags.ReadsAndWrites | KeySpecFlags.Access | KeySpecFlags.Update)]
    [TestCase("BITFIELD k GET_ u8 0", KeySpecFlags.ReadsOnly | KeySpecFlags.Access)]
    [TestCase("BITFIELD k SET_ u8 0 1", KeySpecFlags.ReadsAndWrites | KeySpecFlags.Access | KeySpecFlags.Update)]
    public void FlagsThatDependOnSuchWords_AreRight(string line, KeySpecFlags flags)
    {
        var request = TestRequest.Parse(line.Replace('_', '\0'));
        CommandTable.Resolve(request.Frame, out var command);

        Assert.That(VariableKeyFlags.Of(command!, new RequestArguments(request.Frame)), Is.EqualTo(flags));
    }
}
