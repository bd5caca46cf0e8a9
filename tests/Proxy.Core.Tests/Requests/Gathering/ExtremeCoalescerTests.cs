using NUnit.Framework;
using Proxy.Core.Requests.Gathering;

namespace Proxy.Core.Tests.Requests.Gathering;

public sealed class ExtremeCoalescerTests
{
    [Test]
    public void Greatest_OfIntegers() =>
        Assert.That(Joined.Of(Coalescer.Greatest, ":-5\r\n", ":7\r\n", ":3\r\n"), Is.EqualTo(":7\r\n"));

    [Test]
    public void Least_OfIntegers() => Assert.That(Joined.Of(Coalescer.Least, ":5\r\n", ":-7\r\n", ":3\r\n"), Is.EqualTo(":-7\r\n"));

    [Test]
    public void SomethingElseThanAnInteger_IsAnError() =>
        Assert.That(Joined.Of(Coalescer.Least, ":5\r\n", "+OK\r\n"), Does.StartWith("-ERR unexpected reply"));
}
