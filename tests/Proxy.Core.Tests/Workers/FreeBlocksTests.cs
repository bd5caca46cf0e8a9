using NUnit.Framework;
using Proxy.Core.Workers;

namespace Proxy.Core.Tests.Workers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FreeBlocksTests
{
    private const int Size = 16;
    private const int Burst = 1000;

    private readonly FreeBlocks _free = new(Size);
    private readonly BlockPool _pool = new(new TestLoop().Loop, new MemoryBudget(0));

    [Test]
    public void NothingFree_NothingIsTakenNorDropped()
    {
        Assert.That((_free.Take(), _free.Trim(atOnce: true), _free.Count), Is.EqualTo((default(PooledBlock), 0, 0)));
    }

    [Test]
    public void LastReturned_IsTakenFirst()
    {
        var first = NewBlock();
        var last = NewBlock();
        _free.Put(first);
        _free.Put(last);
        Assert.That((_free.Take(), _free.Take(), _free.Count), Is.EqualTo((last, first, 0)));
    }

    [Test]
    public void BlocksOfABurst_StayForTheNextOne()
    {
        Fill(Burst);
        Assert.That(Trims(FreeBlocks.QuietTrims), Is.Zero);
    }

    [Test]
    public void QuietAfterABurst_EveryBlockIsDropped()
    {
        Fill(Burst);
        Trims(FreeBlocks.QuietTrims + 10);
        Assert.That(_free.Count, Is.Zero);
    }

    [Test]
    public void WavesThatTakeHalf_KeepEveryBlock()
    {
        Fill(Burst);
        Trims(1);
        Assert.That(Enumerable.Range(0, 5).Sum(_ => Wave(Burst / 2) + Trims(FreeBlocks.QuietTrims - 1)), Is.Zero);
    }

    [Test]
    public void WavesThatTakeLess_KeepAsManyAsTheyTakeTwiceOver()
    {
        const int Taken = 100;
        Fill(Burst);
        for (var i = 0; i < 10 * FreeBlocks.QuietTrims; i++)
        {
            Wave(Taken);
            Trims(1);
        }

        Assert.That(_free.Count, Is.InRange(Taken, 2 * Taken));
    }

    [Test]
    public void BlocksDropped_AreNotThoseOfAWaveLongAgoInTheQuiet()
    {
        const int Taken = 400;
        Fill(Burst);
        Trims(1);
        Wave(Taken);
        Trims(FreeBlocks.QuietTrims + 10);
        Assert.That(_free.Count, Is.EqualTo(Burst - (Burst - Taken) / 2));
    }

    [Test]
    public void ScarceMemory_HalfOfWhatStaysFreeIsDroppedAtOnce()
    {
        Fill(Burst);
        Trims(1);
        Wave(600);
        Assert.That((_free.Trim(atOnce: true), _free.Trim(atOnce: true)), Is.EqualTo((200, 400)));
    }

    private PooledBlock NewBlock() => new(_pool, new byte[Size], 0);

    private void Fill(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _free.Put(NewBlock());
        }
    }

    /// <returns>Zero: a wave drops nothing.</returns>
    private int Wave(int count)
    {
        var taken = Enumerable.Range(0, count).Select(_ => _free.Take()!).ToArray();
        Array.ForEach(taken, _free.Put);
        return 0;
    }

    private int Trims(int count) => Enumerable.Range(0, count).Sum(_ => _free.Trim(atOnce: false));
}
