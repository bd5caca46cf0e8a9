using NUnit.Framework;
using Proxy.Transport.Channels;

namespace Proxy.Transport.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChannelSlotsTests
{
    private readonly ChannelSlots<string> _slots = new();

    [Test]
    public void Added_IsFound() => Assert.That(_slots.Find(_slots.Add("a")), Is.EqualTo("a"));

    [Test]
    public void Removed_ItsNumberFindsNothing_AlsoWhenThePlaceIsUsedAgain()
    {
        var number = _slots.Add("old");
        _slots.Remove(number);
        _slots.Add("new");

        Assert.That(_slots.Find(number), Is.Null);
    }

    [TestCase(ulong.MaxValue)]
    [TestCase(17UL)]
    [TestCase((1UL << 32) | 0x8000_0000)]
    public void NumberThatWasNeverGiven_FindsNothing(ulong number) => Assert.That(_slots.Find(number), Is.Null);

    [Test]
    public void MoreThanTheTableHas_AreAllFound()
    {
        var numbers = Enumerable.Range(0, 100).Select(i => _slots.Add($"{i}")).ToList();

        Assert.That(numbers.Select(_slots.Find), Is.EqualTo(Enumerable.Range(0, 100).Select(i => $"{i}")));
    }
}
