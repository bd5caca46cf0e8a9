using DotNetty.Buffers;
using NUnit.Framework;
using Proxy.Transport.Sockets;

namespace Proxy.Transport.Tests.Sockets;

public sealed class SegmentGathererTests
{
    private readonly SegmentGatherer _gatherer = new();

    [TearDown]
    public void Clear() => _gatherer.Clear();

    [Test]
    public void SeveralMessages_AreOneListInOrder()
    {
        _gatherer.ProcessMessage(Unpooled.WrappedBuffer("ab"u8.ToArray()));
        _gatherer.ProcessMessage(Unpooled.Empty);
        _gatherer.ProcessMessage(Unpooled.WrappedBuffer("c"u8.ToArray(), "de"u8.ToArray()));
        Assert.That(_gatherer.Segments.SelectMany(segment => segment), Is.EqualTo("abcde"u8.ToArray()));
        Assert.That((_gatherer.Segments.Count, _gatherer.Bytes), Is.EqualTo((3, 5)));
    }

    [Test]
    public void PartlySentMessage_OnlyTheRestIsTaken()
    {
        var buffer = Unpooled.WrappedBuffer("abcdef"u8.ToArray());
        _gatherer.ProcessMessage(buffer);
        _gatherer.Clear();
        buffer.SkipBytes(4);
        _gatherer.ProcessMessage(buffer);
        Assert.That(_gatherer.Segments.Single(), Is.EqualTo("ef"u8.ToArray()));
    }

    [Test]
    public void OtherMessage_EndsTheList() => Assert.That(_gatherer.ProcessMessage("not bytes"), Is.False);

    [Test]
    public void TooManySegments_StopAtTheLimit()
    {
        var more = true;
        for (var message = 0; message < 64; message++)
        {
            Assert.That(more, Is.True);
            more = _gatherer.ProcessMessage(Unpooled.WrappedBuffer(new byte[1]));
        }

        Assert.That(more, Is.False);
    }

    [Test]
    public void CompositeOfTooManyParts_NothingBehindItJumpsTheQueue()
    {
        var composite = Unpooled.CompositeBuffer(100);
        for (var part = 0; part < 100; part++)
        {
            composite.AddComponent(true, Unpooled.WrappedBuffer(new byte[1]));
        }

        Assert.That(_gatherer.ProcessMessage(composite), Is.False);
        Assert.That(_gatherer.Bytes, Is.EqualTo(64));
    }
}
