using System.Net.Sockets;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>The peer tears the connection down (RST), in every state. A Unix socket has no reset.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.Tcp))]
public sealed class ResetTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void WhileReading_ExceptionThenInactive()
    {
        var link = Accept();
        link.Peer.Send("x"u8);
        Eventually.Equal(() => link.Recorder.ReceivedBytes, 1, "the channel reads");
        link.Peer.Reset();
        AssertReset(link);
    }

    [Test]
    public void WhileReading_HalfClosureAllowed_ClosesAllTheSame()
    {
        var link = Connect(b => b.Option(ChannelOption.AllowHalfClosure, true));
        link.Peer.Reset();
        AssertReset(link);
        Assert.That(link.Recorder.Saw(nameof(ChannelInputShutdownEvent)), Is.False);
    }

    [Test]
    public void BeforeTheAccept_LeavesNothingAndTheListenerGoesOn()
    {
        var recorder = Watch();
        var listener = Listen(() => [recorder]);
        Eventually.True(
            () =>
            {
                using var gone = Peer.Connect(listener.LocalAddress);
                gone.Reset();
                return recorder.Channel is not null;
            },
            "a connection that is gone is accepted or passed over");
        Completes(recorder.Channel!.CloseCompletion);
    }

    [Test]
    public void AfterDataThatWasNotRead_DataComesFirst()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.AutoRead, false));
        link.Peer.Send("before"u8);
        Eventually.Equal(() => link.Peer.Socket.Available, 0, "sent");
        link.Peer.Reset();
        link.Channel.Configuration.AutoRead = true;
        AssertReset(link);
        Assert.That(link.Recorder.Received, Is.EqualTo("before"u8.ToArray()));
    }

    [Test]
    public void WhileWritesWait_TheyFailAndTheirBuffersAreReleased()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.SoSndbuf, 4096), peerReceiveBuffer: 4096);
        var written = link.OnLoop(() =>
        {
            link.Channel.WriteAsync(Buffer(new byte[500_000]));
            return link.Channel.WriteAndFlushAsync(Buffer(new byte[500_000]));
        });
        link.Peer.Receive(10_000);
        link.Peer.Reset();
        Fails<Exception>(written);
        AssertReset(link);
    }

    [Test]
    public void WhileWritesWaitAndNobodyReads_TheyFail()
    {
        var link = Accept(
            b => b.ChildOption(ChannelOption.SoSndbuf, 4096).ChildOption(ChannelOption.AutoRead, false), peerReceiveBuffer: 4096);
        var written = link.Channel.WriteAndFlushAsync(Buffer(new byte[1_000_000]));
        link.Peer.Receive(10_000);
        link.Peer.Reset();
        Fails<Exception>(written);
        AssertReset(link);
    }

    [Test]
    public void MetByAWrite_FailsItAndCloses()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.AutoRead, false));
        link.Peer.Reset();
        Eventually.True(() => link.Channel.WriteAndFlushAsync(Buffer("x"u8)).ContinueWith(task => task.IsFaulted).Result, "a write fails");
        AssertReset(link);
    }

    [Test]
    public void PeerClosesWithoutReading_WhatItHadSentIsReadAlthoughAWriteFailsFirst()
    {
        var recorder = new Recorder();
        var link = Connect(recorder: recorder);
        link.OnLoop(() =>
        {
            // The loop is busy while the peer answers and goes: the write meets the reset before a read could see the answer.
            link.Peer.Send("-ERR max number of clients reached\r\n"u8);
            link.Peer.Reset();
            link.Channel.WriteAndFlushAsync(Buffer("x"u8));
            link.Channel.WriteAndFlushAsync(Buffer("y"u8));
        });
        Completes(link.Channel.CloseCompletion);
        Assert.That(recorder.Received, Is.EqualTo("-ERR max number of clients reached\r\n"u8.ToArray()));
    }

    [Test]
    public void OurCloseWithLingerZero_ResetsThePeer()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.SoLinger, 0));
        Completes(link.Channel.CloseAsync());
        var failure = Assert.Throws<SocketException>(() => link.Peer.ReceiveToEnd());
        Assert.That(failure!.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
    }

    private static void AssertReset(Link link)
    {
        Completes(link.Channel.CloseCompletion);
        Eventually.True(() => link.Recorder.Saw("inactive"), "the close is reported");
        Assert.That(link.Recorder.Failures.OfType<SocketException>().Count(), Is.EqualTo(1), "one failure is reported");
        Assert.That(
            link.Recorder.Failures.OfType<SocketException>().Single().SocketErrorCode,
            Is.EqualTo(SocketError.ConnectionReset).Or.EqualTo(SocketError.Shutdown));
        Assert.That(link.Recorder.Events.Where(one => one is "error" or "inactive"), Is.EqualTo(new[] { "error", "inactive" }));
    }
}
