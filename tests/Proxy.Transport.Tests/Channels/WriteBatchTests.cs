using DotNetty.Buffers;
using NUnit.Framework;
using Proxy.Transport.Channels;

namespace Proxy.Transport.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WriteBatchTests
{
    private readonly WriteBatch _batch = new();

    [Test]
    public void Added_CountsBuffersAndBytesInOrder()
    {
        var (first, second) = (Add(10), Add(20));
        Assert.That((_batch.Count, _batch.Bytes), Is.EqualTo((2, 30)));
        Assert.That((_batch[0], _batch[1]), Is.EqualTo((first, second)));
    }

    [Test]
    public void OneBufferOfAnySize_IsNotFull()
    {
        Add(1_000_000);
        Assert.That(_batch.IsFull, Is.False);
    }

    [Test]
    public void Several_AreFullAbove64Kilobytes()
    {
        Add(64 * 1024 - 1);
        Add(1);
        Assert.That(_batch.IsFull, Is.False);
        Add(1);
        Assert.That(_batch.IsFull, Is.True);
    }

    [Test]
    public void Release_GivesEachCountBackOnce()
    {
        var buffers = new[] { Add(1), Add(2) };
        _batch.Release();
        _batch.Release();
        Assert.That(buffers.Select(buffer => buffer.ReferenceCount), Is.All.Zero);
        Assert.That((_batch.Count, _batch.Bytes), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Release_OfOneThatIsGoneAlready_StillReleasesTheOthers()
    {
        var gone = Add(1);
        var other = Add(2);
        gone.Release();
        _batch.Release();
        Assert.That(other.ReferenceCount, Is.Zero);
    }

    [Test]
    public void MoveTo_KeepsTheCountsAndTheOrder()
    {
        var buffers = new[] { Add(1), Add(2) };
        var list = new List<IByteBuffer>();
        _batch.MoveTo(list);
        Assert.That(list, Is.EqualTo(buffers));
        Assert.That(buffers.Select(buffer => buffer.ReferenceCount), Is.All.EqualTo(1));
        Assert.That((_batch.Count, _batch.Bytes), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Emptied_CanBeFilledAgain()
    {
        Add(1);
        _batch.Release();
        var buffer = Add(5);
        Assert.That((_batch.Count, _batch.Bytes, _batch[0]), Is.EqualTo((1, 5, buffer)));
    }

    private IByteBuffer Add(int size)
    {
        var buffer = Unpooled.WrappedBuffer(new byte[size]);
        _batch.Add(buffer);
        return buffer;
    }
}
