using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Embedded;
using NUnit.Framework;
using Proxy.Transport.Channels;

namespace Proxy.Transport.Tests.Channels;

public sealed class LoopReceiveAllocatorTests
{
    private readonly UnpooledByteBufferAllocator _allocator = new();
    private IRecvByteBufAllocatorHandle _handle = null!;

    [SetUp]
    public void NewHandle() => _handle = NewChannelHandle();

    [Test]
    public void ReleasedInTime_TheSameBufferComesAgainEmpty()
    {
        var first = Read("some bytes"u8);
        first.Release();
        _handle.ReadComplete();
        var second = Allocate(_handle);
        Assert.That(second, Is.SameAs(first));
        Assert.That((second.ReadableBytes, second.WritableBytes), Is.EqualTo((0, ReceiveBufferPool.BufferSize)));
        GiveBack(second);
    }

    [Test]
    public void ReleasedInTime_AnotherChannelOfTheThreadGetsTheSameBuffer()
    {
        var first = Read("x"u8);
        GiveBack(first);
        var other = NewChannelHandle();
        var second = Allocate(other);
        Assert.That(second, Is.SameAs(first));
        second.Release();
        other.ReadComplete();
    }

    [Test]
    public void Kept_BelongsToTheHandlerAlone()
    {
        var kept = Read("kept"u8);
        _handle.ReadComplete();
        Assert.That(kept.ReferenceCount, Is.EqualTo(1));
        var next = Allocate(_handle);
        Assert.That(next, Is.Not.SameAs(kept));
        next.WriteBytes("other"u8.ToArray()).Release();
        Assert.That(kept.GetByte(0), Is.EqualTo((byte)'k'));
        kept.Release();
    }

    [Test]
    public void Kept_TheNextReadsComeFromTheChannelsAllocator()
    {
        var kept = Read("kept"u8);
        _handle.ReadComplete();
        var own = Allocate(_handle);
        Assert.That(_allocator.Metric.UsedHeapMemory + _allocator.Metric.UsedDirectMemory, Is.GreaterThan(0));
        own.Release();
        for (var read = 0; read < 1023; read++)
        {
            GiveBack(Allocate(_handle));
        }

        var shared = Allocate(_handle);
        Assert.That(shared.Capacity, Is.EqualTo(ReceiveBufferPool.BufferSize));
        GiveBack(shared);
        kept.Release();
    }

    [Test]
    public void ReadInsideAnotherChannelsRead_GetsABufferOfItsOwn()
    {
        var outer = Allocate(_handle);
        var other = NewChannelHandle();
        var inner = Allocate(other);
        Assert.That(inner, Is.Not.SameAs(outer));
        inner.Release();
        other.ReadComplete();
        Assert.That(inner.ReferenceCount, Is.EqualTo(1), "the loop keeps it for the next read");
        GiveBack(outer);
    }

    private static IRecvByteBufAllocatorHandle NewChannelHandle()
    {
        var handle = new LoopReceiveAllocator().NewHandle();
        handle.Reset(new EmbeddedChannel().Configuration);
        return handle;
    }

    private IByteBuffer Read(ReadOnlySpan<byte> bytes) => Allocate(_handle).WriteBytes(bytes.ToArray());

    private IByteBuffer Allocate(IRecvByteBufAllocatorHandle handle) => handle.Allocate(_allocator);

    private void GiveBack(IByteBuffer buffer)
    {
        buffer.Release();
        _handle.ReadComplete();
    }
}
