using DotNetty.Buffers;
using NUnit.Framework;
using Proxy.Core.Clients;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Tests.Clients;

/// <summary>A large payload that comes in buffers which are parts of one array, as those of a native transport are.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DetachedPayloadTests
{
    private const int Part = 16 * 1024;

    private readonly byte[] _array = [.. Enumerable.Range(0, 8 * Part).Select(i => (byte)(i * 31))];
    private readonly MemoryBudget _budget = new(0);
    private readonly BlockPool _blocks;
    private readonly DetachedPayload _payload;

    public DetachedPayloadTests()
    {
        _blocks = new BlockPool(new TestLoop().Loop, _budget);
        _payload = new DetachedPayload(_blocks);
    }

    [Test]
    public void PartsOfAnArrayInAnyOrder_AreOnePayloadWithoutACopy()
    {
        Come(3 * Part, 4, 2, 6);

        var parts = new List<ArraySegment<byte>>();
        while (_payload.Bytes.TakeFirst() is { } block)
        {
            parts.Add(block.ToReadable().GetIoBuffer());
        }

        Assert.That(parts, Is.EqualTo(new ArraySegment<byte>[] { new(_array, 4 * Part, Part), new(_array, 2 * Part, Part), new(_array, 6 * Part, Part) }));
    }

    [Test]
    public void BytesBehindItsEnd_AreNotItsOwn()
    {
        _payload.Begin(default, 100);

        var rest = _payload.Take(_array.AsSpan(3 * Part, Part));

        Assert.That(rest.SequenceEqual(_array.AsSpan(3 * Part + 100, Part - 100)), Is.True);
        Assert.That((_payload.Missing, _payload.Bytes.Length), Is.EqualTo((0, 100L)));
    }

    [Test]
    public void PayloadThatIsNeededInOnePiece_StandsInItsPlace()
    {
        // The request without its payload: *3 SET k $49152 and the two line ends.
        var request = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$49152\r\n\r\n"u8;
        ArgumentRange[] arguments = [new(4, 8, 3), new(13, 17, 1), new(20, 28, 0)];
        Come(3 * Part, 4, 2, 6);

        var block = _payload.Join(new RequestFrame(request, arguments, detached: 2));

        byte[] whole = [.. request[..28], .. _array.AsSpan(4 * Part, Part), .. _array.AsSpan(2 * Part, Part), .. _array.AsSpan(6 * Part, Part), .. "\r\n"u8];
        Assert.That(block.Span.SequenceEqual(whole), Is.True);
        Assert.That(_payload.Bytes.IsEmpty, Is.True);
    }

    [Test]
    public void PayloadCleared_IsNotWaitedForAndGivenBack()
    {
        Come(8 * Part, 1, 5);
        var held = _budget.Used;

        _payload.Clear();

        Assert.That((held, _payload.Missing, _payload.Bytes.IsEmpty, _budget.Used), Is.EqualTo((2L * Part, 0, true, 0L)));
    }

    /// <summary>A payload of so many bytes begins, of which these parts come.</summary>
    private void Come(int length, params int[] parts)
    {
        _payload.Begin(default, length);
        foreach (var part in parts)
        {
            using (_blocks.References.Read(Unpooled.WrappedBuffer(_array, part * Part, Part)))
            {
                _payload.Take(_array.AsSpan(part * Part, Part));
            }
        }
    }
}
