using NUnit.Framework;
using Proxy.Core.Clients;
using Proxy.Core.Workers;

namespace Proxy.Core.Tests.Clients;

public sealed class InputBufferTests
{
    private MemoryBudget _budget = null!;

    [SetUp]
    public void SetUp() => _budget = new MemoryBudget(0);

    [Test]
    public void BytesInPieces_LieInOneSpan()
    {
        var buffer = new InputBuffer(_budget);
        var all = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();

        foreach (var piece in all.Chunk(777))
        {
            buffer.Append(piece, wanted: 0);
        }

        Assert.That(buffer.Bytes.ToArray(), Is.EqualTo(all));
    }

    [Test]
    public void DroppedBytes_AreGoneAndTheRestStays()
    {
        var buffer = new InputBuffer(_budget);
        buffer.Append("abcdef"u8, wanted: 0);

        buffer.Drop(2);
        buffer.Append("gh"u8, wanted: 0);

        Assert.That(buffer.Bytes.ToArray(), Is.EqualTo("cdefgh"u8.ToArray()));
    }

    [Test]
    public void HugeAnnouncement_ReservesOnlyAboutTwiceWhatCame()
    {
        var buffer = new InputBuffer(_budget);

        buffer.Append(new byte[1000], wanted: 500_000_000);

        Assert.That(_budget.Used, Is.InRange(1000, 4096));
    }

    [Test]
    public void EmptiedBuffer_HoldsNoMemory()
    {
        var buffer = new InputBuffer(_budget);
        buffer.Append(new byte[1000], wanted: 0);

        buffer.Drop(1000);

        Assert.That(_budget.Used, Is.Zero);
    }
}
