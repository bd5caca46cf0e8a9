using System.Buffers;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Workers;
using Proxy.Testing;

namespace Proxy.Core.Tests.Workers;

public sealed class OutBufferTests
{
    private MemoryBudget _budget = null!;
    private BlockPool _pool = null!;
    private OutBuffer _buffer = null!;

    [SetUp]
    public void SetUp()
    {
        _budget = new MemoryBudget(0);
        _pool = new BlockPool(new TestLoop().Loop, _budget);
        _buffer = new OutBuffer(_pool);
    }

    [TestCase(1)]
    [TestCase(4096)]
    [TestCase(4097)]
    [TestCase(70_000)]
    [TestCase(1_000_000)]
    public void BytesOfAnyLength_ComeOutAsTheyWentIn(int length)
    {
        var bytes = Pattern(length);

        _buffer.Append(bytes);

        Assert.That(_buffer.Length, Is.EqualTo(length));
        Assert.That(TakeAll(_buffer), Is.EqualTo(bytes));
    }

    [Test]
    public void ManySmallAppends_ShareBlocks()
    {
        for (var i = 0; i < 1000; i++)
        {
            _buffer.Append("+OK\r\n"u8);
        }

        Assert.That(CountBlocks(_buffer), Is.LessThan(4));
    }

    [Test]
    public void WriterAndAppend_KeepTheirOrder()
    {
        _buffer.Append("a"u8);
        _buffer.Write("bc"u8);
        _buffer.Append("d"u8);

        Assert.That(Encoding.ASCII.GetString(TakeAll(_buffer)), Is.EqualTo("abcd"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4096)]
    [TestCase(5000)]
    [TestCase(99_999)]
    public void DroppedFirstBytes_AreGoneAndTheRestStays(int dropped)
    {
        var bytes = Pattern(100_000);
        _buffer.Append(bytes);

        _buffer.DropFirst(dropped);

        Assert.That(_buffer.Length, Is.EqualTo(bytes.Length - dropped));
        Assert.That(TakeAll(_buffer), Is.EqualTo(bytes[dropped..]));
    }

    [TestCase(10, 10)]
    [TestCase(10, 50_000)]
    [TestCase(50_000, 10)]
    [TestCase(0, 50_000)]
    [TestCase(50_000, 0)]
    public void TakenOverBuffer_StandsBehindWhatWasThere(int first, int second)
    {
        var other = new OutBuffer(_pool);
        _buffer.Append(Pattern(first));
        other.Append(Pattern(second));

        _buffer.TakeOver(other);

        Assert.That(other.IsEmpty, Is.True);
        Assert.That(TakeAll(_buffer), Is.EqualTo(Pattern(first).Concat(Pattern(second))));
    }

    [Test]
    public void EmptiedBuffer_HoldsNoBlock()
    {
        _buffer.Append(Pattern(100_000));

        _buffer.Clear();

        Assert.That(_pool.FreeBytes, Is.EqualTo(_budget.Used));
    }

    [Test]
    public void BlocksThatStayFree_AreGivenBackToTheRuntime()
    {
        _buffer.Append(Pattern(1_000_000));
        _buffer.Clear();
        var held = _budget.Used;

        for (var i = 0; i < FreeBlocks.QuietTrims + 10; i++)
        {
            _pool.Trim();
        }

        Assert.That(held, Is.GreaterThan(1_000_000));
        Assert.That(_budget.Used, Is.Zero);
    }

    [Test]
    public void BlocksThatAreFreeWhileMemoryIsScarce_AreGivenBackAtOnce()
    {
        _buffer.Append(Pattern(1_000_000));
        _buffer.Clear();
        _pool.Trim();
        _budget.Limit = _budget.Used * 2;
        var held = _budget.Used;

        _pool.Trim();

        Assert.That(_budget.Used, Is.EqualTo(held / 2).Within(64 * 1024));
    }

    [Test]
    public void SteadyUse_AllocatesNothing()
    {
        var bytes = Pattern(20_000);
        Assert.That(
            Allocations.Of(() =>
            {
                _buffer.Append(bytes);
                _buffer.Clear();
            }),
            Is.Zero);
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];

    private static byte[] TakeAll(OutBuffer buffer)
    {
        var all = new List<byte>();
        while (buffer.TakeFirst() is { } block)
        {
            all.AddRange(block.Bytes.AsSpan(block.Start, block.Length));
            block.Release();
        }

        return [.. all];
    }

    private static int CountBlocks(OutBuffer buffer)
    {
        var count = 0;
        for (; buffer.TakeFirst() is { } block; count++)
        {
            block.Release();
        }

        return count;
    }
}
