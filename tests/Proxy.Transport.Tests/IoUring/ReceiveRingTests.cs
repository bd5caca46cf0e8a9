using NUnit.Framework;
using Proxy.Transport.Channels;
using Proxy.Transport.IoUring;
using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.Tests.IoUring;

/// <summary>How many buffers the kernel has, and that each is what it was taken for, whatever was exchanged.</summary>
[TestFixtureSource(typeof(RingVariant), nameof(RingVariant.Best))]
public sealed class ReceiveRingTests(string variant)
{
    private const int Least = 128;
    private const int PerSlab = ReceiveSlab.Size / ReceiveRing.BufferSize;
    private const int QuietTrims = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private IoUringRing _ring = null!;
    private ReceiveRing _buffers = null!;
    private SocketPair _pair = null!;

    [SetUp]
    public void Make()
    {
        _ring = new IoUringRing(RingVariant.Features(variant), 8, 16);
        _buffers = new ReceiveRing(_ring);
        _pair = new SocketPair();
    }

    [TearDown]
    public void Dispose()
    {
        _buffers.Dispose();
        _ring.Dispose();
        _pair.Dispose();
    }

    [Test]
    public void Starved_TwiceAsManyUpToALimit()
    {
        for (var expected = 2 * Least; expected <= 1024; expected *= 2)
        {
            Starve(1);
            Assert.That(_buffers.Target, Is.EqualTo(expected));
        }

        Starve(1);
        Assert.That(_buffers.Target, Is.EqualTo(1024));
    }

    [Test]
    public void QuietForLong_FewerAgainAndTheirMemoryIsFree()
    {
        Starve(3);
        Assert.That(_buffers.Slabs, Is.EqualTo(1024 / PerSlab));
        for (var i = 0; i < 4 * QuietTrims; i++)
        {
            _buffers.Trim(isStill: true);
        }

        Assert.That((_buffers.Target, _buffers.Slabs), Is.EqualTo((Least, Least / PerSlab)));
    }

    [Test]
    public void QuietForAWhile_NoneIsGivenBack()
    {
        Starve(3);
        for (var i = 0; i < QuietTrims; i++)
        {
            _buffers.Trim(isStill: true);
        }

        Assert.That(_buffers.Slabs, Is.EqualTo(1024 / PerSlab));
    }

    [Test]
    public void KernelMayTakeBuffersAtAnyTime_ThoseItHasAreLeftAlone()
    {
        Starve(3);
        for (var i = 0; i < 4 * QuietTrims; i++)
        {
            _buffers.Trim(isStill: false);
        }

        Assert.That(_buffers.Slabs, Is.EqualTo(1024 / PerSlab));
    }

    [Test]
    public void Exchanged_TheNextReceivesComeInTheirOwnBuffers()
    {
        Receive();
        var kept = new List<(ReceiveBuffer Buffer, byte Content)>();
        for (var round = 0; round < 60; round++)
        {
            // Others of the burst are released and leave gaps, so that the ring is moved together.
            var content = (byte)(round + 1);
            kept.Add((Pass(content), content));
            Starve(round % 20 == 0 ? 3 : 0);
            _buffers.Trim(isStill: true);
            if (round % 3 != 0)
            {
                kept[^1].Buffer.Release();
                kept.RemoveAt(kept.Count - 1);
            }
        }

        Assert.That(kept.Select(each => each.Buffer.GetByte(0)), Is.EqualTo(kept.Select(each => each.Content)));
        kept.ForEach(each => each.Buffer.Release());
    }

    private ReceiveBuffer Pass(byte content)
    {
        _pair.Theirs.Send([content]);
        var completion = Take();
        Assert.That((completion.Result, completion.HasBuffer, completion.HasMore), Is.EqualTo((1, true, true)));
        var buffer = _buffers.Take(completion.BufferNumber, completion.Result);
        Assert.That(buffer.ReadByte(), Is.EqualTo(content));
        _buffers.Refill();
        return buffer;
    }

    private void Starve(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _buffers.NoteStarved();
            _buffers.Refill();
        }
    }

    private void Receive() => _ring.Queue(Submissions.Receive(_pair.Descriptor, _buffers.Group, multishot: true, 0));

    private CompletionEntry Take()
    {
        CompletionEntry completion;
        while (!_ring.TryTake(out completion))
        {
            _ring.Enter(1, Patience);
        }

        return completion;
    }
}
