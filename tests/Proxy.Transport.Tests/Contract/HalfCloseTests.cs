using System.Net.Sockets;
using DotNetty.Transport.Bootstrapping;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>One side says that it sends no more.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.All))]
public sealed class HalfCloseTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    private const string InputShutdown = nameof(ChannelInputShutdownEvent);

    [Test]
    public void PeerFinishes_HalfClosureAllowed_EventFiresAndWritingGoesOn()
    {
        var link = Accept(b => HalfClosure(b));
        link.Peer.Send("question"u8);
        link.Peer.Finish();
        Eventually.True(() => link.Recorder.Saw(InputShutdown), "the end is reported");
        Completes(link.Channel.WriteAndFlushAsync(Buffer("answer"u8)));
        Assert.That(link.Peer.Receive(6), Is.EqualTo("answer"u8.ToArray()));
        Assert.That(link.Channel.Active, Is.True);
    }

    [Test]
    public void PeerFinishes_HalfClosureAllowed_EventFiresOnceAfterTheData()
    {
        var link = Connect(b => b.Option(ChannelOption.AllowHalfClosure, true));
        link.Peer.Send("last words"u8);
        link.Peer.Finish();
        Eventually.True(() => link.Recorder.Saw(InputShutdown), "the end is reported");
        link.OnLoop(() => { link.Channel.Read(); });
        link.OnLoop(() => { });
        Assert.That(link.Recorder.Received, Is.EqualTo("last words"u8.ToArray()));
        Assert.That(link.Recorder.Events.Where(one => one is "read" or InputShutdown), Is.EqualTo(new[] { "read", InputShutdown }));
    }

    [Test]
    public void PeerFinishes_HalfClosureNotAllowed_ChannelCloses()
    {
        var link = Accept();
        link.Peer.Send("bye"u8);
        link.Peer.Finish();
        Completes(link.Channel.CloseCompletion);
        Eventually.True(() => link.Recorder.Saw("unregistered"), "the close is reported");
        Assert.That(link.Recorder.Received, Is.EqualTo("bye"u8.ToArray()));
        Assert.That(link.Recorder.Saw("error"), Is.False);
        Assert.That(link.Peer.ReceiveToEnd(), Is.Empty);
    }

    [Test]
    public void PeerFinishesAtOnce_HalfClosureAllowed_EventFires()
    {
        var link = Accept(b => HalfClosure(b));
        link.Peer.Finish();
        Eventually.True(() => link.Recorder.Saw(InputShutdown), "the end is reported");
        Assert.That(link.Channel.Active, Is.True);
    }

    [Test]
    public void PeerFinishes_WhileAutoReadIsOff_ReportedWhenReadingGoesOn()
    {
        var link = Accept(b => HalfClosure(b).ChildOption(ChannelOption.AutoRead, false));
        link.Peer.Send("kept"u8);
        link.Peer.Finish();
        link.OnLoop(() => { });
        Assert.That(link.Recorder.Events, Is.EqualTo(new[] { "registered", "active" }));
        link.Channel.Configuration.AutoRead = true;
        Eventually.True(() => link.Recorder.Saw(InputShutdown), "the end is reported");
        Assert.That(link.Recorder.Received, Is.EqualTo("kept"u8.ToArray()));
    }

    [Test]
    public void PeerFinishes_WhileWritesWait_TheyArriveAll()
    {
        var link = Accept(b => HalfClosure(b).ChildOption(ChannelOption.SoSndbuf, 4096), peerReceiveBuffer: 4096);
        var bytes = RandomBytes(1_000_000);
        var written = link.Channel.WriteAndFlushAsync(Buffer(bytes));
        link.Peer.Finish();
        Eventually.True(() => link.Recorder.Saw(InputShutdown), "the end is reported");
        Assert.That(link.Peer.Receive(bytes.Length), Is.EqualTo(bytes));
        Completes(written);
    }

    [Test]
    public void PeerFinishes_HalfClosureAllowedInTheRead_Counts()
    {
        var recorder = new Recorder { OnRead = (context, _) => context.Channel.Configuration.SetOption(ChannelOption.AllowHalfClosure, true) };
        var link = Accept(recorder: recorder);
        link.Peer.Send("x"u8);
        link.Peer.Finish();
        Eventually.True(() => recorder.Saw(InputShutdown), "the end is reported");
    }

    [Test]
    public void BothFinish_CloseLeavesNothing()
    {
        var link = Accept(b => HalfClosure(b));
        link.Peer.Finish();
        Eventually.True(() => link.Recorder.Saw(InputShutdown), "the end is reported");
        Completes(link.Channel.WriteAndFlushAsync(SocketShutdown.Send));
        Assert.That(link.Peer.ReceiveToEnd(), Is.Empty);
        Completes(link.Channel.CloseAsync());
        Eventually.True(() => link.Recorder.Saw("inactive"), "the close is reported");
        Assert.That(link.Recorder.Saw("error"), Is.False);
    }

    [Test]
    public void OutputShutdown_PeerSeesTheEndAndReadingGoesOn()
    {
        var link = Connect();
        Completes(link.Channel.WriteAndFlushAsync(SocketShutdown.Send));
        Assert.That(link.Peer.ReceiveToEnd(), Is.Empty);
        link.Peer.Send("still heard"u8);
        Eventually.Equal(() => link.Recorder.ReceivedBytes, 11, "the channel still reads");
    }

    [Test]
    public void OutputShutdown_ComesAfterAllThatWasWrittenBefore()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.SoSndbuf, 4096), peerReceiveBuffer: 4096);
        var bytes = RandomBytes(1_000_000);
        var finished = link.OnLoop(() =>
        {
            link.Channel.WriteAsync(Buffer(bytes.AsSpan(0, 999_000)));
            link.Channel.WriteAsync(Buffer(bytes.AsSpan(999_000)));
            return link.Channel.WriteAndFlushAsync(SocketShutdown.Send);
        });
        Assert.That(link.Peer.ReceiveToEnd(), Is.EqualTo(bytes));
        Completes(finished);
    }

    [Test]
    public void WriteAfterOutputShutdown_FailsAndTheChannelStaysOpen()
    {
        var link = Accept();
        Completes(link.Channel.WriteAndFlushAsync(SocketShutdown.Send));
        var failure = Fails<SocketException>(link.Channel.WriteAndFlushAsync(Buffer("late"u8)));
        Assert.That(failure.SocketErrorCode, Is.EqualTo(SocketError.Shutdown));
        Assert.That(link.Channel.Active, Is.True);
    }

    private static ServerBootstrap HalfClosure(ServerBootstrap bootstrap) => bootstrap.ChildOption(ChannelOption.AllowHalfClosure, true);
}
