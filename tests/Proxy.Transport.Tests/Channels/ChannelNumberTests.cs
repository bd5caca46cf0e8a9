using NUnit.Framework;
using Proxy.Transport.Channels;

namespace Proxy.Transport.Tests.Channels;

public sealed class ChannelNumberTests
{
    [Test]
    public void Numbers_RiseAndDiffer()
    {
        var (first, second) = (ChannelNumber.Next(), ChannelNumber.Next());
        Assert.That(first.CompareTo(second), Is.LessThan(0));
        Assert.That(first, Is.Not.EqualTo(second));
        Assert.That(first.GetHashCode(), Is.EqualTo(first.GetHashCode()));
    }

    [Test]
    public void Text_IsHexadecimal()
    {
        var number = ChannelNumber.Next();
        Assert.That(number.AsShortText(), Does.Match("^[0-9a-f]{8}$"));
        Assert.That(number.AsLongText(), Does.Match("^[0-9a-f]{16}$").And.EndsWith(number.AsShortText()));
    }
}
