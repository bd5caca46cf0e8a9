using NUnit.Framework;
using Proxy.Resp.Commands;

namespace Proxy.Resp.Tests.Commands;

internal sealed class BlockOptionTests
{
    [TestCase("XREAD STREAMS k 0", false)]
    [TestCase("XREAD BLOCK 0 STREAMS k $", true)]
    [TestCase("XREAD COUNT 1 block 0 STREAMS k $", true)]
    [TestCase("XREAD STREAMS block 0", false)]
    [TestCase("XREAD COUNT BLOCK STREAMS k 0", false)]
    [TestCase("XREADGROUP GROUP block block STREAMS k >", false)]
    [TestCase("XREADGROUP GROUP g c NOACK BLOCK 0 STREAMS k >", true)]
    [TestCase("XREADGROUP BLOCK 0 GROUP g c STREAMS k >", true)]
    [TestCase("XREAD COUNT 1 BLOCK", true)]
    public void Request_AsksToWait(string line, bool waits) => Assert.That(BlockOption.IsPresent(TestRequest.Parse(line).Frame), Is.EqualTo(waits));

    [Test]
    public void CommandsWithTheOption_AreThese() =>
        Assert.That(CommandTable.All.Where(command => command.BlocksOnOption).Select(command => command.Name), Is.EquivalentTo(new[] { "xread", "xreadgroup" }));
}
