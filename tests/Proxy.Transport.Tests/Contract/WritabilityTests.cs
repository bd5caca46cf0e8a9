using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>What waits to be sent is counted, and the handlers hear of it.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.BothWays))]
public sealed class WritabilityTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void AboveTheHighWaterMark_UnwritableAndWritableAgainWhenItHasDrained()
    {
        var link = Blocked();
        Assert.That(link.Channel.IsWritable, Is.False);
        Assert.That(link.Recorder.Events.Where(IsWritability), Is.EqualTo(new[] { "unwritable" }));
        link.Peer.Receive(1_000_000);
        Eventually.True(() => link.Recorder.Saw("writable"), "writable again");
        Assert.That(link.Channel.IsWritable, Is.True);
        Assert.That(link.Recorder.Events.Where(IsWritability), Is.EqualTo(new[] { "unwritable", "writable" }));
    }

    [Test]
    public void BelowTheHighWaterMark_NoEvent()
    {
        var link = Accept();
        Completes(link.Channel.WriteAndFlushAsync(Buffer(new byte[1000])));
        link.Peer.Receive(1000);
        Assert.That(link.Recorder.Events.Where(IsWritability), Is.Empty);
    }

    [Test]
    public void WritingOnlyWhileWritable_MemoryStaysBounded()
    {
        const int Total = 5_000_000;
        var sent = 0;
        var most = 0L;
        void Fill(IChannel channel)
        {
            while (channel.IsWritable && sent < Total)
            {
                channel.WriteAndFlushAsync(Buffer(new byte[10_000]));
                sent += 10_000;
                most = Math.Max(most, channel.Unsafe.OutboundBuffer.TotalPendingWriteBytes());
            }
        }

        var recorder = new Recorder { OnWritability = (context, _) => Fill(context.Channel) };
        var link = Accept(b => b.ChildOption(ChannelOption.SoSndbuf, 4096), recorder, 4096);
        link.OnLoop(() => Fill(link.Channel));
        Assert.That(link.Peer.Receive(Total), Has.Length.EqualTo(Total));
        Assert.That(most, Is.LessThan(80_000), "high-water mark plus one message");
    }

    [Test]
    public void ProgressOfALargeMessage_ShowsBeforeItsEnd()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.SoSndbuf, 4096), peerReceiveBuffer: 4096);
        var buffer = Buffer(new byte[4_000_000]);
        var written = link.Channel.WriteAndFlushAsync(buffer);
        link.Peer.Receive(2_000_000);
        Eventually.True(() => link.OnLoop(() => buffer.ReadableBytes is > 0 and < 3_000_000), "the message is partly sent");
        link.Peer.Receive(2_000_000);
        Completes(written);
    }

    private static bool IsWritability(string name) => name is "writable" or "unwritable";

    private Link Blocked()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.SoSndbuf, 4096), peerReceiveBuffer: 4096);
        link.OnLoop(() =>
        {
            for (var message = 0; message < 100; message++)
            {
                link.Channel.WriteAsync(Buffer(new byte[10_000]));
            }

            link.Channel.Flush();
        });
        return link;
    }
}
