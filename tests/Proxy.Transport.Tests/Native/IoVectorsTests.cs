using DotNetty.Buffers;
using DotNetty.Common;
using NUnit.Framework;
using Proxy.Transport.Channels;
using Proxy.Transport.Native;

namespace Proxy.Transport.Tests.Native;

public sealed unsafe class IoVectorsTests
{
    private IoVectors _vectors = null!;

    [SetUp]
    public void Make() => _vectors = new IoVectors();

    [TearDown]
    public void Dispose() => _vectors.Dispose();

    [Test]
    public void PinnedBuffer_IsReferredToWhereItLies()
    {
        var buffer = new ReceiveBufferPool(100).Rent();
        buffer.WriteBytes(new byte[20]).SkipBytes(5);
        Assert.That(_vectors.Add(buffer), Is.True);
        Assert.That((nint)_vectors.Pointer->Address, Is.EqualTo(buffer.AddressOfPinnedMemory() + 5));
        Assert.That((_vectors.Count, _vectors.Bytes, (int)_vectors.Pointer->Length), Is.EqualTo((1, 15L, 15)));
    }

    [Test]
    public void HeapBuffers_StayWhereTheyAreUntilClear()
    {
        var random = new Random(1);
        var buffers = Enumerable.Range(0, 40).Select(_ =>
        {
            var bytes = new byte[random.Next(1, 2000)];
            random.NextBytes(bytes);
            return Unpooled.WrappedBuffer(bytes);
        }).ToArray();
        foreach (var buffer in buffers)
        {
            _vectors.Add(buffer);
        }

        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.That(Collected(), Is.EqualTo(buffers.SelectMany(buffer => buffer.Array)));
    }

    [Test]
    public void CompositeAndSlice_ComeInPieces()
    {
        var composite = Unpooled.CompositeBuffer(3)
            .AddComponent(true, Unpooled.WrappedBuffer("one"u8.ToArray()))
            .AddComponent(true, Unpooled.WrappedBuffer("two"u8.ToArray()));
        composite.SkipBytes(1);
        _vectors.Add(composite);
        _vectors.Add(Unpooled.WrappedBuffer("xthreex"u8.ToArray()).Slice(1, 5));
        Assert.That(Collected(), Is.EqualTo("netwothree"u8.ToArray()));
    }

    [Test]
    public void CompositeWatchedForLeaks_GoesOnWhereItStopped()
    {
        var level = ResourceLeakDetector.Level;
        ResourceLeakDetector.Level = ResourceLeakDetector.DetectionLevel.Paranoid;
        try
        {
            var composite = new UnpooledByteBufferAllocator().CompositeHeapBuffer(2)
                .AddComponent(true, Unpooled.WrappedBuffer("one"u8.ToArray()))
                .AddComponent(true, Unpooled.WrappedBuffer("two"u8.ToArray()));
            composite.SkipBytes(4);
            _vectors.Add(composite);
            Assert.That(Collected(), Is.EqualTo("wo"u8.ToArray()));
            composite.Release();
        }
        finally
        {
            ResourceLeakDetector.Level = level;
        }
    }

    [Test]
    public void EmptyBuffer_AddsNothing()
    {
        Assert.That(_vectors.Add(Unpooled.Empty), Is.True);
        Assert.That((_vectors.Count, _vectors.Bytes), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void SixtyFourPieces_AreTheMost()
    {
        for (var piece = 1; piece < 64; piece++)
        {
            Assert.That(_vectors.Add(Unpooled.WrappedBuffer(new byte[1])), Is.True);
        }

        Assert.That(_vectors.Add(Unpooled.WrappedBuffer(new byte[1])), Is.False);
        Assert.That(_vectors.Count, Is.EqualTo(64));
    }

    [Test]
    public void CompositeOfMorePiecesThanFit_IsCut()
    {
        var composite = Unpooled.CompositeBuffer(100);
        for (var piece = 0; piece < 100; piece++)
        {
            composite.AddComponent(true, Unpooled.WrappedBuffer([(byte)piece]));
        }

        Assert.That(_vectors.Add(composite), Is.False);
        Assert.That(Collected(), Is.EqualTo(Enumerable.Range(0, 64).Select(piece => (byte)piece)));
    }

    [Test]
    public void OneMegabyte_IsEnough()
    {
        Assert.That(_vectors.Add(Unpooled.WrappedBuffer(new byte[(1 << 20) - 1])), Is.True);
        Assert.That(_vectors.Add(Unpooled.WrappedBuffer(new byte[1])), Is.False);
    }

    [Test]
    public void Clear_ForgetsEverything()
    {
        _vectors.Add(Unpooled.WrappedBuffer(new byte[10]));
        _vectors.Clear();
        Assert.That((_vectors.Count, _vectors.Bytes), Is.EqualTo((0, 0L)));
        _vectors.Add(Unpooled.WrappedBuffer("a"u8.ToArray()));
        Assert.That(Collected(), Is.EqualTo("a"u8.ToArray()));
    }

    private byte[] Collected()
    {
        var all = new MemoryStream();
        for (var piece = 0; piece < _vectors.Count; piece++)
        {
            all.Write(new ReadOnlySpan<byte>(_vectors.Pointer[piece].Address, (int)_vectors.Pointer[piece].Length));
        }

        return all.ToArray();
    }
}
