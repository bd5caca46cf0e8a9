using System.Runtime.InteropServices;
using DotNetty.Buffers;
using NUnit.Framework;
using Proxy.Core.Workers;
using Proxy.Testing;

namespace Proxy.Core.Tests.Workers;

public sealed class InputReferencesTests
{
    private const int Capacity = 64 * 1024;

    private MemoryBudget _budget = null!;
    private BlockPool _pool = null!;
    private OutBuffer _output = null!;
    private IByteBuffer _received = null!;

    [SetUp]
    public void SetUp()
    {
        _budget = new MemoryBudget(0);
        _pool = new BlockPool(new TestLoop().Loop, _budget);
        _output = new OutBuffer(_pool);
        _received = Unpooled.WrappedBuffer([.. Enumerable.Range(0, Capacity).Select(i => (byte)(i * 31))]);
    }

    [Test]
    public void LargePartOfWhatIsRead_IsNotCopied()
    {
        AppendWhileReading(100..40_100);

        var block = _output.TakeFirst()!;
        var readable = block.ToReadable();
        Assert.That(readable.Array, Is.SameAs(_received.Array));
        Assert.That((readable.ReaderIndex, readable.ReadableBytes), Is.EqualTo((100, 40_000)));
        Assert.That(readable.GetIoBuffer(), Is.EqualTo(new ArraySegment<byte>(_received.Array, 100, 40_000)));
    }

    [Test]
    public void KeptBuffer_IsGivenBackWithItsLastPart()
    {
        AppendWhileReading(0..20_000, 30_000..50_000);
        var first = _output.TakeFirst()!;
        var second = _output.TakeFirst()!;

        first.Release();
        var whileOneIsKept = _received.ReferenceCount;
        second.Release();

        Assert.That((whileOneIsKept, _received.ReferenceCount), Is.EqualTo((2, 1)));
    }

    [Test]
    public void KeptBuffer_CountsOnceWithItsWholeCapacityWhileItIsKept()
    {
        AppendWhileReading(0..20_000, 30_000..50_000);
        var kept = _budget.Used;

        _output.Clear();

        Assert.That((kept, _budget.Used), Is.EqualTo(((long)Capacity, 0L)));
    }

    [Test]
    public void PartsThatFollowEachOther_AreOneBlock()
    {
        AppendWhileReading(0..20_000, 20_000..40_000);

        Assert.That(_output.TakeFirst()!.Length, Is.EqualTo(40_000));
        Assert.That(_output.TakeFirst(), Is.Null);
    }

    [TestCase(InputReferences.MinLength - 1)]
    [TestCase(Capacity / 4 - 1)]
    public void SmallPart_IsCopied(int length)
    {
        AppendWhileReading(0..length);

        Assert.That(_received.ReferenceCount, Is.EqualTo(1));
        Assert.That(_output.FirstSpan.SequenceEqual(_received.Array.AsSpan(0, length)), Is.True);
    }

    [Test]
    public void BytesFromElsewhere_AreCopied()
    {
        var elsewhere = new byte[40_000];
        using (_pool.References.Read(_received))
        {
            _output.Append(elsewhere);
        }

        Assert.That(_received.ReferenceCount, Is.EqualTo(1));
        Assert.That(_output.Length, Is.EqualTo(40_000));
    }

    [Test]
    public void BufferThatIsAPartOfAnArray_IsReferredToInItsPlace()
    {
        var part = Unpooled.WrappedBuffer(_received.Array, Capacity / 2, Capacity / 4);
        using (_pool.References.Read(part))
        {
            _output.Append(_received.Array.AsSpan(Capacity / 2 + 100, 9000));
        }

        var readable = _output.TakeFirst()!.ToReadable();
        Assert.That(readable.GetIoBuffer(), Is.EqualTo(new ArraySegment<byte>(_received.Array, Capacity / 2 + 100, 9000)));
    }

    [Test]
    public void BytesBesideThePartThatIsRead_AreCopied()
    {
        var part = Unpooled.WrappedBuffer(_received.Array, Capacity / 2, Capacity / 4);
        using (_pool.References.Read(part))
        {
            _output.Append(_received.Array.AsSpan(0, Capacity / 4));
        }

        Assert.That(_output.TakeFirst()!.ToReadable().Array, Is.Not.SameAs(_received.Array));
    }

    [Test]
    public void PartOfAnArrayMovedOn_IsNotCopied()
    {
        var part = Unpooled.WrappedBuffer(_received.Array, Capacity / 2, 16 * 1024);
        using (_pool.References.Read(part))
        {
            _output.Append(_received.Array.AsSpan(Capacity / 2, 16 * 1024));
        }

        var target = new OutBuffer(_pool);
        _output.MoveFirst(9000, target);
        Assert.That(target.TakeFirst()!.ToReadable().GetIoBuffer(), Is.EqualTo(new ArraySegment<byte>(_received.Array, Capacity / 2, 9000)));
    }

    [Test]
    public void PartsOfAPartThatFollowEachOther_AreOneBlock()
    {
        var part = Unpooled.WrappedBuffer(_received.Array, Capacity / 2, Capacity / 4);
        using (_pool.References.Read(part))
        {
            _output.Append(_received.Array.AsSpan(Capacity / 2, 8192));
            _output.Append(_received.Array.AsSpan(Capacity / 2 + 8192, 8192));
        }

        var readable = _output.TakeFirst()!.ToReadable();
        Assert.That(readable.GetIoBuffer(), Is.EqualTo(new ArraySegment<byte>(_received.Array, Capacity / 2, 16 * 1024)));
        Assert.That(_output.IsEmpty, Is.True);
    }

    [Test]
    public void KeptPartOfAnArray_CountsWithItsOwnCapacity()
    {
        using (_pool.References.Read(Unpooled.WrappedBuffer(_received.Array, Capacity / 2, Capacity / 4)))
        {
            _output.Append(_received.Array.AsSpan(Capacity / 2, 9000));
        }

        Assert.That(_budget.Used, Is.EqualTo(Capacity / 4));
    }

    [Test]
    public void NeighboursInOneArray_AreKeptAndGivenBackEachByItself()
    {
        var first = Unpooled.WrappedBuffer(_received.Array, 0, Capacity / 2);
        var second = Unpooled.WrappedBuffer(_received.Array, Capacity / 2, Capacity / 2);
        foreach (var (buffer, start) in new[] { (first, 0), (second, Capacity / 2) })
        {
            using (_pool.References.Read(buffer))
            {
                _output.Append(_received.Array.AsSpan(start, Capacity / 2));
            }
        }

        _output.TakeFirst()!.Release();

        Assert.That((first.ReferenceCount, second.ReferenceCount, _output.Length), Is.EqualTo((1, 2, (long)Capacity / 2)));
    }

    [Test]
    public void BytesOfWhatIsNoLongerRead_AreCopied()
    {
        _pool.References.Read(_received).Dispose();

        _output.Append(_received.Array.AsSpan(0, 40_000));

        Assert.That(_received.ReferenceCount, Is.EqualTo(1));
    }

    [Test]
    public void ReadInsideOfARead_LeavesTheOuterOneAsItWas()
    {
        var inner = Unpooled.WrappedBuffer(new byte[Capacity]);
        using (_pool.References.Read(_received))
        {
            _pool.References.Read(inner).Dispose();
            _output.Append(_received.Array.AsSpan(0, 40_000));
        }

        Assert.That((_received.ReferenceCount, inner.ReferenceCount), Is.EqualTo((2, 1)));
    }

    [Test]
    public void SmallAppendsAroundAReference_KeepTheirOrder()
    {
        _output.Append("a"u8);
        AppendWhileReading(0..20_000);
        _output.Append("b"u8);

        var all = new List<byte>();
        while (_output.TakeFirst() is { } block)
        {
            all.AddRange(block.Span);
            block.Release();
        }

        Assert.That(all, Is.EqualTo("a"u8.ToArray().Concat(_received.Array.Take(20_000)).Concat("b"u8.ToArray())));
    }

    [Test]
    public void AddressOfAPinnedBuffer_IsThatOfItsArray()
    {
        var pinned = new PooledBlock(_pool, GC.AllocateArray<byte>(Capacity, pinned: true), -1);
        using (_pool.References.Read(pinned))
        {
            _output.Append(pinned.Bytes.AsSpan(1000, 40_000));
        }

        var block = _output.TakeFirst()!;
        Assert.That(block.AddressOfPinnedMemory(), Is.EqualTo(Marshal.UnsafeAddrOfPinnedArrayElement(block.Bytes, 0)));
    }

    [Test]
    public void AddressOfAPinnedPartOfAnArray_IsThatOfItsArray()
    {
        var pinned = new PooledBlock(_pool, GC.AllocateArray<byte>(Capacity, pinned: true), -1);
        using (_pool.References.Read(pinned.Slice(Capacity / 2, Capacity / 4)))
        {
            _output.Append(pinned.Bytes.AsSpan(Capacity / 2 + 100, 9000));
        }

        var block = _output.TakeFirst()!;
        Assert.That(block.AddressOfPinnedMemory(), Is.EqualTo(Marshal.UnsafeAddrOfPinnedArrayElement(block.Bytes, 0)));
        Assert.That(Marshal.ReadByte(block.AddressOfPinnedMemory(), block.Start), Is.EqualTo(block.Span[0]));
    }

    [Test]
    public void PinnedPartMovedOn_KeepsItsAddress()
    {
        var pinned = new PooledBlock(_pool, GC.AllocateArray<byte>(Capacity, pinned: true), -1);
        using (_pool.References.Read(pinned.Slice(Capacity / 2, 16 * 1024)))
        {
            _output.Append(pinned.Bytes.AsSpan(Capacity / 2, 16 * 1024));
        }

        var target = new OutBuffer(_pool);
        _output.MoveFirst(9000, target);

        Assert.That(target.TakeFirst()!.AddressOfPinnedMemory(), Is.EqualTo(Marshal.UnsafeAddrOfPinnedArrayElement(pinned.Bytes, 0)));
    }

    [Test]
    public void BufferThatMayMove_HasNoAddress()
    {
        AppendWhileReading(0..40_000);

        Assert.That(_output.TakeFirst()!.AddressOfPinnedMemory(), Is.EqualTo(IntPtr.Zero));
    }

    [Test]
    public void SteadyUse_AllocatesNothing()
    {
        Assert.That(
            Allocations.Of(() =>
            {
                AppendWhileReading(0..20_000);
                _output.Clear();
            }),
            Is.Zero);
    }

    private void AppendWhileReading(Range part)
    {
        using (_pool.References.Read(_received))
        {
            _output.Append(_received.Array.AsSpan(part));
        }
    }

    private void AppendWhileReading(Range first, Range second)
    {
        using (_pool.References.Read(_received))
        {
            _output.Append(_received.Array.AsSpan(first));
            _output.Append(_received.Array.AsSpan(second));
        }
    }
}
