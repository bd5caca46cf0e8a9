using NUnit.Framework;
using Proxy.Transport.Channels;

namespace Proxy.Transport.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReceiveBufferPoolTests
{
    private const int Size = 32 * 1024;
    private const int PerSlab = ReceiveSlab.Size / Size;

    private readonly ReceiveBufferPool _pool = new(Size);

    [Test]
    public void Released_ComesAgainEmptyWithOneCount()
    {
        var first = _pool.Rent();
        first.WriteBytes(new byte[100]).SkipBytes(50);
        first.Release();
        var second = _pool.Rent();
        Assert.That(second, Is.SameAs(first));
        Assert.That((second.ReaderIndex, second.WriterIndex, second.ReferenceCount), Is.EqualTo((0, 0, 1)));
    }

    [Test]
    public void Marked_ComesAgainWithoutTheMarks()
    {
        var buffer = _pool.Rent();
        buffer.WriteBytes(new byte[100]).SkipBytes(50).MarkReaderIndex().MarkWriterIndex();
        buffer.Release();
        var again = _pool.Rent();
        Assert.That(again.ResetReaderIndex().ReaderIndex, Is.Zero);
        Assert.That(again.ResetWriterIndex().WriterIndex, Is.Zero);
    }

    [Test]
    public void Retained_StaysAway()
    {
        var kept = _pool.Rent();
        kept.Retain();
        kept.Release();
        Assert.That(_pool.Rent(), Is.Not.SameAs(kept));
    }

    [Test]
    public void Slice_KeepsTheWhole()
    {
        var buffer = _pool.Rent();
        buffer.WriteBytes(new byte[100]);
        var slice = buffer.ReadRetainedSlice(10);
        buffer.Release();
        Assert.That(_pool.Rent(), Is.Not.SameAs(buffer));
        slice.Release();
        Assert.That(_pool.Rent(), Is.SameAs(buffer));
    }

    [Test]
    public void ReleasedOnAnotherThread_ComesBackWithTheNextTrim()
    {
        var buffer = _pool.Rent();
        ReleaseElsewhere([buffer]);
        Assert.That(_pool.Rent(), Is.Not.SameAs(buffer), "the pool is not touched by another thread");
        _pool.Trim();
        Assert.That(Places(Rent(PerSlab - 1)), Does.Contain(buffer.AddressOfPinnedMemory()));
    }

    [Test]
    public void AllReleasedOnAnotherThread_ComeBackBeforeNewOnesAreMade()
    {
        var all = Rent(PerSlab);
        ReleaseElsewhere(all);
        Assert.That(Places(Rent(PerSlab)), Is.EquivalentTo(Places(all)));
        Assert.That(_pool.Slabs, Is.EqualTo(1));
    }

    [Test]
    public void Resized_ComesAgainInItsFullSize()
    {
        var buffer = _pool.Rent();
        buffer.WriteBytes(new byte[100]).AdjustCapacity(10);
        Assert.That((buffer.Capacity, buffer.ReadableBytes), Is.EqualTo((10, 10)));
        buffer.Release();
        Assert.That(_pool.Rent().Capacity, Is.EqualTo(Size));
    }

    [Test]
    public void Full_DoesNotGrowIntoItsNeighbour()
    {
        var buffer = _pool.Rent();
        buffer.WriteBytes(new byte[Size]);
        Assert.Catch<IndexOutOfRangeException>(() => buffer.WriteByte(1));
    }

    [Test]
    public void Buffers_DoNotOverlapAndBeginWithAPage()
    {
        var pool = new ReceiveBufferPool(16 * 1024);
        var addresses = Places(Enumerable.Range(0, 2 * ReceiveSlab.Size / (16 * 1024)).Select(_ => pool.Rent())).Order().ToArray();
        Assert.That(addresses.Zip(addresses.Skip(1), (a, b) => b - a), Has.All.GreaterThanOrEqualTo((nint)(16 * 1024)));
        Assert.That(addresses.Select(address => address % Environment.SystemPageSize), Has.All.EqualTo((nint)0));
    }

    [Test]
    public void Address_IsThatOfTheArrayAfterACompactingCollection()
    {
        var buffer = _pool.Rent();
        var before = buffer.AddressOfPinnedMemory();
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        buffer.WriteByte(42);
        unsafe
        {
            Assert.That(((byte*)before)[0], Is.EqualTo(42));
        }
    }

    [Test]
    public void Trim_DropsHalfOfTheSlabsThatWereNotNeeded()
    {
        Release(Rent(8 * PerSlab));
        _pool.Trim();
        Assert.That(_pool.Slabs, Is.EqualTo(8), "they were needed since the last call");
        _pool.Trim();
        Assert.That(_pool.Slabs, Is.EqualTo(4));
        Release(Rent(3 * PerSlab));
        _pool.Trim();
        Assert.That(_pool.Slabs, Is.EqualTo(3));
    }

    [Test]
    public void Trim_KeepsTheLastSlab()
    {
        Release(Rent(1));
        for (var i = 0; i < 5; i++)
        {
            _pool.Trim();
        }

        Assert.That(_pool.Slabs, Is.EqualTo(1));
    }

    [Test]
    public void Trim_KeepsASlabOfWhichABufferIsKept()
    {
        var all = Rent(4 * PerSlab);
        all[PerSlab].WriteByte(42);
        Release(all.Where((_, index) => index != PerSlab));
        for (var i = 0; i < 5; i++)
        {
            _pool.Trim();
        }

        Assert.That(_pool.Slabs, Is.EqualTo(1));
        Assert.That(all[PerSlab].GetByte(0), Is.EqualTo(42));
    }

    [Test]
    public void AfterABurst_TheFirstSlabsAreUsedSoThatTheLastBecomeEmpty()
    {
        var burst = Rent(4 * PerSlab);
        Release(burst.Where((_, index) => index % 4 != 0));
        Assert.That(_pool.IsScattered, Is.True);
        var steady = burst.Where((_, index) => index % 4 == 0).ToList();
        for (var i = 0; i < steady.Count; i++)
        {
            var next = _pool.Rent();
            steady[i].Release();
            steady[i] = next;
        }

        Assert.That(_pool.IsScattered, Is.False);
    }

    [Test]
    public void Discarded_ThePagesAreGivenBackAndAreEmptyNextTime()
    {
        var slab = new ReceiveSlab(_pool, Size);
        var buffer = slab.Take();
        buffer.Renew();
        buffer.WriteByte(42);
        slab.Put(buffer);
        slab.Discard();
        Assert.That(buffer.Array[buffer.ArrayOffset], Is.EqualTo(OperatingSystem.IsLinux() ? 0 : 42), "elsewhere they stay");
    }

    /// <summary>Which ones they are: two buffers are equal if their bytes are.</summary>
    private static nint[] Places(IEnumerable<ReceiveBuffer> buffers) => [.. buffers.Select(buffer => buffer.AddressOfPinnedMemory())];

    private static void Release(IEnumerable<ReceiveBuffer> buffers)
    {
        foreach (var buffer in buffers)
        {
            buffer.Release();
        }
    }

    private static void ReleaseElsewhere(IEnumerable<ReceiveBuffer> buffers)
    {
        var thread = new Thread(() => Release(buffers));
        thread.Start();
        thread.Join();
    }

    private List<ReceiveBuffer> Rent(int count) => [.. Enumerable.Range(0, count).Select(_ => _pool.Rent())];
}
