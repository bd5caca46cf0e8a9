using System.Runtime.CompilerServices;
using NUnit.Framework;
using Proxy.Host.Serving;

namespace Proxy.Host.Tests.Serving;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HeapKeeperTests
{
    private const long Megabyte = 1024 * 1024;

    private readonly ManualClock _clock = new();
    private HeapSize _size = new(20 * Megabyte, 30 * Megabyte);
    private HeapSize? _sizeAfter;
    private int _collections;

    [Test]
    public void SteadyHeap_IsLeftAlone()
    {
        using var keeper = NewKeeper();
        _size = new HeapSize(30 * Megabyte, 40 * Megabyte);
        _clock.Ring();
        Assert.That(_collections, Is.Zero);
    }

    [Test]
    public void HeapGrownByABurst_IsCollected()
    {
        using var keeper = NewKeeper();
        _size = new HeapSize(60 * Megabyte, 70 * Megabyte);
        _clock.Ring();
        Assert.That(_collections, Is.EqualTo(1));
    }

    [Test]
    public void MemoryHeldForASmallHeap_IsGivenBack()
    {
        using var keeper = NewKeeper();
        _size = new HeapSize(20 * Megabyte, 80 * Megabyte);
        _clock.Ring();
        Assert.That(_collections, Is.EqualTo(1));
    }

    [Test]
    public void HeapThatIsInUse_IsCollectedLessAndLessOften()
    {
        using var keeper = NewKeeper();
        _size = new HeapSize(100 * Megabyte, 120 * Megabyte);
        var collected = Enumerable.Range(1, 40).Where(_ => CollectsNow()).ToArray();
        Assert.That(collected, Is.EqualTo(new[] { 1, 2, 4, 8, 16, 32 }));
    }

    [Test]
    public void HeapCollectedInTheMiddleOfABurst_IsCollectedAfterItToo()
    {
        using var keeper = NewKeeper();
        _size = new HeapSize(100 * Megabyte, 120 * Megabyte);
        _clock.Ring();
        _sizeAfter = new HeapSize(20 * Megabyte, 30 * Megabyte);
        var collected = Enumerable.Range(1, 10).Where(_ => CollectsNow()).ToArray();
        Assert.That(collected, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void HeapThatGrowsAgain_IsCollectedAgain()
    {
        using var keeper = NewKeeper();
        _sizeAfter = new HeapSize(20 * Megabyte, 30 * Megabyte);
        _size = new HeapSize(100 * Megabyte, 120 * Megabyte);
        _clock.Ring();
        _size = new HeapSize(100 * Megabyte, 120 * Megabyte);
        _clock.Ring();
        Assert.That(_collections, Is.EqualTo(2));
    }

    [Test]
    public void HeapInUseForGood_IsStillLookedAtOnceAnHour()
    {
        using var keeper = NewKeeper();
        _size = new HeapSize(100 * Megabyte, 120 * Megabyte);
        var collected = Enumerable.Range(1, 2000).Where(_ => CollectsNow()).ToArray();
        Assert.That((collected[^1] - collected[^2]) * HeapKeeper.Period, Is.EqualTo(TimeSpan.FromHours(1)));
    }

    [Test]
    public void HeapThatHasShrunkByItself_MayGrowOnlyFromThere()
    {
        _size = new HeapSize(100 * Megabyte, 120 * Megabyte);
        using var keeper = NewKeeper();
        _size = new HeapSize(20 * Megabyte, 120 * Megabyte);
        _clock.Ring();
        _size = new HeapSize(20 * Megabyte + HeapKeeper.Slack, 120 * Megabyte);
        Assert.That(CollectsNow());
    }

    [Test]
    public void LargeObjectsThatNobodyNeeds_AreFreedByTheKeeperOfTheProcess()
    {
        using var keeper = HeapKeeper.Start(_clock);
        var unneeded = NewObject(4 * HeapKeeper.Slack);
        _clock.Ring();
        Assert.That(unneeded.IsAlive, Is.False);
    }

    // Not inlined: the object would live as long as the test.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference NewObject(long bytes) => new(GC.AllocateArray<byte>((int)bytes, pinned: true));

    private bool CollectsNow()
    {
        var before = _collections;
        _clock.Ring();
        return _collections > before;
    }

    private HeapKeeper NewKeeper() => new(_clock, () => _size, Collect);

    private void Collect()
    {
        _collections++;
        _size = _sizeAfter ?? _size;
    }
}
