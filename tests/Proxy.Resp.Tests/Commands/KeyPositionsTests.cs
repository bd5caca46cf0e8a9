using NUnit.Framework;
using Proxy.Resp.Commands;

namespace Proxy.Resp.Tests.Commands;

internal sealed class KeyPositionsTests
{
    [Test]
    public void PlaceBehindTheLast_IsAnError()
    {
        var keys = new KeyPositions();
        keys.Add(1, KeySpecFlags.None);
        keys.Add(2, KeySpecFlags.None);
        keys.Clear();
        keys.Add(3, KeySpecFlags.None);
        Assert.That(() => keys[1], Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Flags_StandWithTheirKey()
    {
        var keys = new KeyPositions();
        keys.Add(1, KeySpecFlags.ReadsOnly);
        keys.Add(2, KeySpecFlags.Overwrites);
        Assert.That((keys.Flags(0), keys.Flags(1)), Is.EqualTo((KeySpecFlags.ReadsOnly, KeySpecFlags.Overwrites)));
    }

    [Test]
    public void Shrunk_IsEmptyAndUsable()
    {
        var keys = new KeyPositions();
        for (var i = 0; i < 1000; i++)
        {
            keys.Add(i, KeySpecFlags.None);
        }

        keys.Shrink(4);
        for (var i = 0; i < 10; i++)
        {
            keys.Add(10 * i, KeySpecFlags.None);
        }

        Assert.That((keys.Count, keys[9]), Is.EqualTo((10, 90)));
    }
}
