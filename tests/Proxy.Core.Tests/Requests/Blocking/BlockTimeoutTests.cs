using NUnit.Framework;
using Proxy.Core.Requests.Blocking;
using Proxy.Resp;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;
using Proxy.Testing;

namespace Proxy.Core.Tests.Requests.Blocking;

public sealed class BlockTimeoutTests
{
    [TestCase("BLPOP a b 2", 2000)]
    [TestCase("BRPOP a 0.0001", 1)]
    [TestCase("BLMOVE a b LEFT LEFT 1.5", 1500)]
    [TestCase("BLMPOP 3 1 a LEFT", 3000)]
    [TestCase("BZMPOP 3 1 a MIN COUNT 9", 3000)]
    [TestCase("XREAD COUNT 5 BLOCK 70 STREAMS a $", 70)]
    [TestCase("XREADGROUP GROUP g c block 80 STREAMS a >", 80)]
    [TestCase("BLPOP a 0", 0)]
    [TestCase("BLPOP a -1", 0)]
    [TestCase("BLPOP a nan", 0)]
    [TestCase("BLPOP a inf", 0)]
    [TestCase("BLPOP a 1e300", 0)]
    [TestCase("BLPOP a 1x", 0)]
    [TestCase("XREAD BLOCK x STREAMS a $", 0)]
    public void Timeout_IsFoundWhereTheCommandHasIt(string request, long milliseconds)
    {
        var bytes = RespFrame.Request(request.Split(' '));
        var scanner = new RequestScanner(new RequestLimits());
        scanner.Scan(bytes);
        var frame = scanner.Frame(bytes);
        CommandTable.Resolve(frame, out var command);
        var keys = new KeyPositions();
        KeyFinder.Find(command!, frame, keys);

        Assert.That(BlockTimeout.Of(command!, frame, keys[0]), Is.EqualTo(milliseconds));
    }

    [Test]
    public void CommandThatOnlyServersKnow_MayTakeAsLongAsItTakes()
    {
        var bytes = RespFrame.Request("mod.wait", "a", "2");
        var scanner = new RequestScanner(new RequestLimits());
        scanner.Scan(bytes);
        var row = new CommandRow("mod.wait", -1) { Flags = CommandFlags.Blocking };
        var command = LearntCommands.Of([CommandReport.Of([row])]).Roots.Single();

        Assert.That(BlockTimeout.Of(command, scanner.Frame(bytes), firstKey: 1), Is.Zero);
    }
}
