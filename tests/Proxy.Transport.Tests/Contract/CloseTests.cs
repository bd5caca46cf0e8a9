using System.Net.Sockets;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>Our close, in every state.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.BothWays))]
public sealed class CloseTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void AfterAFlush_WhatTheSystemTookArrives() => AssertWhatIsFlushedBeforeTheCloseArrives(Accept());

    [Test]
    public void WithUnreadInput_RepliesStillArrive()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.AutoRead, false));
        link.Peer.Send(new byte[20_000]);
        AssertWhatIsFlushedBeforeTheCloseArrives(link);
    }

    [Test]
    public void WhenTheOutputShutdownIsWritten_EverythingArrives()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.SoSndbuf, 4096), peerReceiveBuffer: 4096);
        var bytes = RandomBytes(1_000_000);
        link.OnLoop(() =>
        {
            link.Channel.WriteAsync(Buffer(bytes));
            link.Channel.WriteAndFlushAsync(SocketShutdown.Send).ContinueWith(_ => link.Channel.CloseAsync());
        });
        Assert.That(link.Peer.ReceiveToEnd(), Is.EqualTo(bytes));
        Completes(link.Channel.CloseCompletion);
    }

    [Test]
    public void WriteAfterTheClose_FailsAndReleasesTheBuffer()
    {
        var link = Accept();
        Completes(link.Channel.CloseAsync());
        var buffer = Buffer("late"u8);
        Fails<ClosedChannelException>(link.Channel.WriteAndFlushAsync(buffer));
        Assert.That(buffer.ReferenceCount, Is.Zero);
    }

    [Test]
    public void InactiveAndUnregistered_AreFiredOnce()
    {
        var link = Accept();
        link.Channel.CloseAsync();
        link.Channel.CloseAsync();
        Completes(link.OnLoop(link.Channel.CloseAsync));
        Eventually.True(() => link.Recorder.Saw("unregistered"), "the close is reported");
        Assert.That(link.Recorder.Events, Is.EqualTo(new[] { "registered", "active", "inactive", "unregistered" }));
    }

    [Test]
    public void InactiveIsFiredLater_NeverInsideTheClose()
    {
        var link = Accept();
        var firedInside = link.OnLoop(() =>
        {
            link.Channel.CloseAsync();
            return link.Recorder.Saw("inactive");
        });
        Assert.That(firedInside, Is.False);
        Eventually.True(() => link.Recorder.Saw("inactive"), "the close is reported");
    }

    [Test]
    public void InsideARead_NoFurtherReadComes()
    {
        var recorder = new Recorder { OnRead = (context, _) => context.CloseAsync() };
        var link = Accept(b => b.ChildOption(ChannelOption.RcvbufAllocator, new FixedRecvByteBufAllocator(16)), recorder);
        link.Peer.Send(new byte[1000]);
        Completes(link.Channel.CloseCompletion);
        Eventually.True(() => recorder.Saw("unregistered"), "the close is reported");
        Assert.That(recorder.Count("read"), Is.EqualTo(1));
    }

    [Test]
    public void InsideTheReadThatComesWithTheEndOfAnEarlierWrite_BothArrive()
    {
        var recorder = new Recorder
        {
            OnRead = (context, _) =>
            {
                context.WriteAndFlushAsync(Buffer("second"u8));
                context.CloseAsync();
            },
        };
        var link = Accept(null, recorder);
        link.OnLoop(() =>
        {
            link.Channel.WriteAndFlushAsync(Buffer("first"u8));
            link.Peer.Send("x"u8);
        });
        Assert.That(link.Peer.ReceiveToEnd(), Is.EqualTo("firstsecond"u8.ToArray()));
    }

    [Test]
    public void InsideActive_Closes()
    {
        var recorder = Watch(new Recorder { OnActive = context => context.CloseAsync() });
        var listener = Listen(() => [recorder]);
        using var peer = Peer.Connect(listener.LocalAddress);
        Assert.That(peer.ReceiveToEnd(), Is.Empty);
        Eventually.True(() => recorder.Saw("inactive"), "the close is reported");
    }

    [Test]
    public void InsideTheContinuationOfAnotherChannelsWrite_ItsBytesReachNobodyElse()
    {
        // Two loops: two of three share one.
        var pair = Enumerable.Range(0, 3).Select(_ => Accept()).ToArray().GroupBy(link => link.Channel.EventLoop).First(links => links.Count() > 1);
        var (closed, other) = (pair.First(), pair.Last());
        var stranger = ListenPlain();
        var successor = default(Socket);
        closed.OnLoop(() =>
        {
            closed.Channel.WriteAndFlushAsync(Buffer("mine"u8));
            other.Channel.WriteAndFlushAsync(SocketShutdown.Send).ContinueWith(
                _ =>
                {
                    // Gets the number of the closed descriptor.
                    closed.Channel.CloseAsync();
                    successor = new Socket(stranger.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
                    successor.Connect(stranger.LocalEndPoint!);
                },
                TaskContinuationOptions.ExecuteSynchronously);
        });
        Assert.That(closed.Peer.ReceiveToEnd(), Is.EqualTo("mine"u8.ToArray()));
        var strangersPeer = Own(new Peer(stranger.Accept()));
        Eventually.True(() => successor is { Connected: true }, "the descriptor is used again");
        successor!.Dispose();
        Assert.That(strangersPeer.ReceiveToEnd(), Is.Empty);
    }

    [Test]
    public void InsideTheContinuationOfAnotherChannelsWrite_WhatIsWrittenThereArrives()
    {
        var pair = Enumerable.Range(0, 3).Select(_ => Accept()).ToArray().GroupBy(link => link.Channel.EventLoop).First(links => links.Count() > 1);
        var (closed, other) = (pair.First(), pair.Last());
        closed.OnLoop(() =>
        {
            closed.Channel.WriteAndFlushAsync(Buffer("first "u8));
            other.Channel.WriteAndFlushAsync(SocketShutdown.Send).ContinueWith(
                _ =>
                {
                    closed.Channel.WriteAndFlushAsync(Buffer("and last"u8));
                    closed.Channel.CloseAsync();
                },
                TaskContinuationOptions.ExecuteSynchronously);
        });
        Assert.That(closed.Peer.ReceiveToEnd(), Is.EqualTo("first and last"u8.ToArray()));
    }

    [Test]
    public void AddressesStayKnown()
    {
        var link = Accept();
        var (local, remote) = (link.Channel.LocalAddress?.ToString(), link.Channel.RemoteAddress?.ToString());
        Completes(link.Channel.CloseAsync());
        Assert.That((link.Channel.LocalAddress?.ToString(), link.Channel.RemoteAddress?.ToString()), Is.EqualTo((local, remote)));
    }

    [Test]
    public void Disconnect_Closes()
    {
        var link = Connect();
        Completes(link.Channel.DisconnectAsync());
        Completes(link.Channel.CloseCompletion);
        Assert.That(link.Peer.ReceiveToEnd(), Is.Empty);
        Eventually.True(() => link.Recorder.Saw("inactive"), "the close is reported");
    }

    private void AssertWhatIsFlushedBeforeTheCloseArrives(Link link)
    {
        var bytes = RandomBytes(50_000);
        link.OnLoop(() =>
        {
            link.Channel.WriteAndFlushAsync(Buffer(bytes));
            link.Channel.CloseAsync();
        });
        Assert.That(link.Peer.ReceiveToEnd(), Is.EqualTo(bytes));
    }
}
