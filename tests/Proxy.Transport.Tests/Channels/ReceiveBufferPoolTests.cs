using NUnit.Framework;
using Proxy.Transport.Channels;

namespace Proxy.Transport.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReceiveBufferPoolTests
{
    private readonly ReceiveBufferPool _pool = new(1024);

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
    public void ReleasedOnAnotherThread_DoesNotComeBack()
    {
        var buffer = _pool.Rent();
        var thread = new Thread(() => buffer.Release());
        thread.Start();
        thread.Join();
        Assert.That(_pool.Rent(), Is.Not.SameAs(buffer));
    }

    [Test]
    public void Resized_DoesNotComeBackAndHasNoPinnedAddress()
    {
        var buffer = _pool.Rent();
        buffer.AdjustCapacity(10);
        Assert.That(buffer.AddressOfPinnedMemory(), Is.EqualTo(nint.Zero));
        buffer.Release();
        Assert.That(_pool.Rent(), Is.Not.SameAs(buffer));
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
    public void Trim_DropsHalfOfWhatWasNotNeeded()
    {
        var burst = Enumerable.Range(0, 8).Select(_ => _pool.Rent()).ToHashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var buffer in burst.Cast<ReceiveBuffer>())
        {
            buffer.Release();
        }

        _pool.Trim();
        _pool.Trim();
        var again = Enumerable.Range(0, 8).Select(_ => _pool.Rent()).ToArray();
        Assert.That(again.Count(burst.Contains), Is.EqualTo(4));
    }
}
