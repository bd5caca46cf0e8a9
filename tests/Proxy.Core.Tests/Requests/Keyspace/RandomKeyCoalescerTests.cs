using NUnit.Framework;
using Proxy.Core.Requests.Keyspace;
using Proxy.Core.Tests.Requests.Gathering;

namespace Proxy.Core.Tests.Requests.Keyspace;

public sealed class RandomKeyCoalescerTests
{
    [TestCase("$-1\r\n")]
    [TestCase("_\r\n")]
    public void NoKeyAnywhere_IsNull(string none) =>
        Assert.That(Joined.Of(new RandomKeyCoalescer(new Random(1)), ":0\r\n", none, ":0\r\n", none), Is.EqualTo(none));

    [Test]
    public void OneServerWithKeys_IsDrawn() =>
        Assert.That(Joined.Of(new RandomKeyCoalescer(new Random(1)), ":0\r\n", "$-1\r\n", ":5\r\n", "$1\r\nb\r\n"), Is.EqualTo("$1\r\nb\r\n"));

    [Test]
    public void KeyThatCameAfterTheCount_MayBeDrawn() =>
        Assert.That(Joined.Of(new RandomKeyCoalescer(new Random(1)), ":0\r\n", "$1\r\na\r\n", ":5\r\n", "$-1\r\n"), Is.EqualTo("$1\r\na\r\n"));

    [Test]
    public void Servers_AreDrawnByTheirNumberOfKeys()
    {
        var coalescer = new RandomKeyCoalescer(new Random(1));

        var ofSecond = Enumerable.Range(0, 10_000).Count(_ => Joined.Of(coalescer, ":1000\r\n", "$1\r\na\r\n", ":3000\r\n", "$1\r\nb\r\n").Contains('b'));

        Assert.That(ofSecond, Is.EqualTo(7500).Within(200));
    }

    [Test]
    public void CountThatIsNone_IsAnError() =>
        Assert.That(Joined.Of(new RandomKeyCoalescer(new Random(1)), "+OK\r\n", "$1\r\na\r\n"), Does.StartWith("-ERR unexpected reply"));
}
