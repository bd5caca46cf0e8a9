using NUnit.Framework;
using Proxy.Core.Requests.Gathering;

namespace Proxy.Core.Tests.Requests.Gathering;

public sealed class LogicalCoalescerTests
{
    [TestCase(":1\r\n", ":1\r\n", ":1\r\n")]
    [TestCase(":1\r\n", ":0\r\n", ":0\r\n")]
    [TestCase(":0\r\n", ":0\r\n", ":0\r\n")]
    [TestCase("*3\r\n:1\r\n:0\r\n:1\r\n", "*3\r\n:1\r\n:1\r\n:0\r\n", "*3\r\n:1\r\n:0\r\n:0\r\n")]
    [TestCase("*0\r\n", "*0\r\n", "*0\r\n")]
    public void And_IsOneWhereAllSaySo(string one, string other, string joined) =>
        Assert.That(Joined.Of(Coalescer.LogicalAnd, one, other), Is.EqualTo(joined));

    [TestCase(":1\r\n", ":0\r\n", ":1\r\n")]
    [TestCase(":0\r\n", ":0\r\n", ":0\r\n")]
    [TestCase("*2\r\n:1\r\n:0\r\n", "*2\r\n:0\r\n:0\r\n", "*2\r\n:1\r\n:0\r\n")]
    public void Or_IsOneWhereOneSaysSo(string one, string other, string joined) =>
        Assert.That(Joined.Of(Coalescer.LogicalOr, one, other), Is.EqualTo(joined));

    [TestCase("*2\r\n:1\r\n:0\r\n", "*1\r\n:1\r\n")]
    [TestCase("*1\r\n:1\r\n", "*1\r\n$1\r\n1\r\n")]
    [TestCase("+OK\r\n", ":1\r\n")]
    public void RepliesThatDoNotFitTogether_AreAnError(string one, string other) =>
        Assert.That(Joined.Of(Coalescer.LogicalAnd, one, other), Does.StartWith("-ERR unexpected reply"));
}
