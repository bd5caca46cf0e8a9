using NUnit.Framework;
using Proxy.Core.Requests.Scripts;
using Proxy.Core.Tests.Requests.Gathering;

namespace Proxy.Core.Tests.Requests.Scripts;

public sealed class FunctionStatsCoalescerTests
{
    private const string Running = "*6\r\n$4\r\nname\r\n$1\r\nf\r\n$7\r\ncommand\r\n*3\r\n$5\r\nfcall\r\n$1\r\nf\r\n$1\r\n0\r\n$11\r\nduration_ms\r\n:9\r\n";

    [Test]
    public void NothingRunsAnywhere_IsOneServersReply() =>
        Assert.That(Joined.Of(new FunctionStatsCoalescer(), Reply("$-1\r\n", 1, 2), Reply("$-1\r\n", 1, 2)), Is.EqualTo(Reply("$-1\r\n", 1, 2)));

    [Test]
    public void FunctionThatRunsOnTheSecondServer_IsShown() =>
        Assert.That(Joined.Of(new FunctionStatsCoalescer(), Reply("$-1\r\n", 1, 2), Reply(Running, 1, 2)), Is.EqualTo(Reply(Running, 1, 2)));

    [Test]
    public void ServerThatMissedALibrary_DoesNotCount() =>
        Assert.That(Joined.Of(new FunctionStatsCoalescer(), Reply("$-1\r\n", 0, 0), Reply("$-1\r\n", 2, 5)), Is.EqualTo(Reply("$-1\r\n", 2, 5)));

    [Test]
    public void ServerThatFailed_DoesNotCount() =>
        Assert.That(Joined.Of(new FunctionStatsCoalescer(), "", Reply("$-1\r\n", 2, 5)), Is.EqualTo(Reply("$-1\r\n", 2, 5)));

    [Test]
    public void Version3_StaysVersion3() =>
        Assert.That(Joined.Of(new FunctionStatsCoalescer(), Reply3("_\r\n"), Reply3("%1\r\n$4\r\nname\r\n$1\r\nf\r\n")), Is.EqualTo(Reply3("%1\r\n$4\r\nname\r\n$1\r\nf\r\n")));

    [TestCase("+OK\r\n")]
    [TestCase("*2\r\n+a\r\n+b\r\n")]
    public void SomethingElse_IsAnError(string reply) =>
        Assert.That(Joined.Of(new FunctionStatsCoalescer(), reply), Does.StartWith("-ERR unexpected reply"));

    private static string Reply(string running, int libraries, int functions) =>
        $"*4\r\n$14\r\nrunning_script\r\n{running}$7\r\nengines\r\n*2\r\n$3\r\nLUA\r\n"
        + $"*4\r\n$15\r\nlibraries_count\r\n:{libraries}\r\n$15\r\nfunctions_count\r\n:{functions}\r\n";

    private static string Reply3(string running) =>
        $"%2\r\n$14\r\nrunning_script\r\n{running}$7\r\nengines\r\n%1\r\n$3\r\nLUA\r\n%2\r\n$15\r\nlibraries_count\r\n:1\r\n$15\r\nfunctions_count\r\n:2\r\n";
}
