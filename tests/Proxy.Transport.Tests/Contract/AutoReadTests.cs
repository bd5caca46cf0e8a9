using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>Backpressure: a channel that is not read from leaves the bytes in the system.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.All))]
public sealed class AutoReadTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void Off_NothingIsReadUntilItIsOn()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.AutoRead, false));
        link.Peer.Send("waiting"u8);
        link.OnLoop(() => { });
        Assert.That(link.Recorder.ReceivedBytes, Is.Zero);
        link.Channel.Configuration.AutoRead = true;
        Eventually.Equal(() => link.Recorder.ReceivedBytes, 7, "what waited is read");
    }

    [Test]
    public void Off_ThePeerIsHeldUp()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.AutoRead, false).ChildOption(ChannelOption.SoRcvbuf, 4096));
        link.Peer.Socket.Blocking = false;
        link.Peer.Socket.SendBufferSize = 4096;
        var bytes = RandomBytes(16 * 1024 * 1024);
        var taken = 0;
        while (taken < bytes.Length && link.Peer.Socket.Poll(TimeSpan.FromMilliseconds(300), System.Net.Sockets.SelectMode.SelectWrite))
        {
            taken += Math.Max(0, link.Peer.Socket.Send(bytes.AsSpan(taken), System.Net.Sockets.SocketFlags.None, out _));
        }

        Assert.That(taken, Is.LessThan(bytes.Length));
        link.Channel.Configuration.AutoRead = true;
        Eventually.Equal(() => link.Recorder.ReceivedBytes, taken, "everything that was taken is read");
        Assert.That(link.Recorder.Received.AsSpan().SequenceEqual(bytes.AsSpan(0, taken)), Is.True);
    }

    [Test]
    public void SwitchedOffInTheRead_OnlyThatReadComes()
    {
        var recorder = new Recorder { OnRead = (context, _) => context.Channel.Configuration.AutoRead = false };
        var link = Accept(b => b.ChildOption(ChannelOption.RcvbufAllocator, new FixedRecvByteBufAllocator(16)), recorder);
        link.Peer.Send(new byte[1000]);
        Eventually.Equal(() => recorder.ReceivedBytes, 16, "one buffer is read");
        link.OnLoop(() => { });
        link.OnLoop(() => { });
        Assert.That(recorder.Events, Is.EqualTo(new[] { "registered", "active", "read", "readComplete" }));
    }

    [Test]
    public void SwitchedOffWhileWaiting_NothingIsRead()
    {
        var link = Accept();
        link.OnLoop(() => link.Channel.Configuration.AutoRead = false);
        link.Peer.Send("x"u8);
        Eventually.Stays(() => link.Recorder.ReceivedBytes == 0, "nothing is read", TimeSpan.FromMilliseconds(50));
        link.OnLoop(() => link.Channel.Configuration.AutoRead = true);
        Eventually.Equal(() => link.Recorder.ReceivedBytes, 1, "what waited is read");
    }

    [Test]
    public void Off_EachReadReadsOnce()
    {
        var link = Accept(b => b
            .ChildOption(ChannelOption.AutoRead, false)
            .ChildOption(ChannelOption.RcvbufAllocator, new FixedRecvByteBufAllocator(10)));
        link.Peer.Send(new byte[30]);
        for (var read = 1; read <= 3; read++)
        {
            link.Channel.Read();
            Eventually.Equal(() => link.Recorder.Count("readComplete"), read, "one read is done");
            link.OnLoop(() => { });
            Assert.That(link.Recorder.ReceivedBytes, Is.EqualTo(read * 10));
        }
    }

    [Test]
    public void ReadAskedForInTheRead_GoesOn()
    {
        var recorder = new Recorder { OnRead = (context, _) => context.Read() };
        var link = Accept(
            b => b.ChildOption(ChannelOption.AutoRead, false).ChildOption(ChannelOption.RcvbufAllocator, new FixedRecvByteBufAllocator(10)),
            recorder);
        link.Channel.Read();
        link.Peer.Send(new byte[1000]);
        Eventually.Equal(() => recorder.ReceivedBytes, 1000, "all is read");
    }

    [Test]
    public void ToggledFromAnotherThread_NothingIsLostOrReordered()
    {
        var link = Accept();
        var bytes = RandomBytes(2_000_000);
        var sent = Task.Run(() => link.Peer.Send(bytes));
        for (var toggle = 0; !sent.IsCompleted || link.Recorder.ReceivedBytes < bytes.Length; toggle++)
        {
            link.Channel.Configuration.AutoRead = toggle % 2 == 1;
            if (toggle > 1000)
            {
                break;
            }
        }

        link.Channel.Configuration.AutoRead = true;
        Eventually.Equal(() => link.Recorder.ReceivedBytes, bytes.Length, "all is read");
        Completes(sent);
        Assert.That(link.Recorder.Received, Is.EqualTo(bytes));
    }

    [Test]
    public void SwitchedOnInsideTheRead_IsNotReentered()
    {
        var depth = 0;
        var deepest = 0;
        var recorder = new Recorder
        {
            OnRead = (context, _) =>
            {
                deepest = Math.Max(deepest, ++depth);
                context.Channel.Configuration.AutoRead = false;
                context.Channel.Configuration.AutoRead = true;
                depth--;
            },
        };
        var link = Accept(b => b.ChildOption(ChannelOption.RcvbufAllocator, new FixedRecvByteBufAllocator(10)), recorder);
        link.Peer.Send(new byte[1000]);
        Eventually.Equal(() => recorder.ReceivedBytes, 1000, "all is read");
        Assert.That(deepest, Is.EqualTo(1));
    }

    [Test]
    public void SwitchedOffElsewhereAndOnAgainOnTheLoop_IsOn()
    {
        var link = Accept();
        link.OnLoop(() =>
        {
            Completes(Task.Run(() => link.Channel.Configuration.AutoRead = false));
            link.Channel.Configuration.AutoRead = true;
        });
        link.OnLoop(() => { });
        link.Peer.Send("x"u8);
        Eventually.Equal(() => link.Recorder.ReceivedBytes, 1, "the channel reads");
    }
}
