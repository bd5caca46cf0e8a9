using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>A handler that throws is told so and harms neither the loop nor other channels.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.EachTransport))]
public sealed class HandlerFailureTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void ThrowInRead_IsReportedAndReadingGoesOn()
    {
        var recorder = new Recorder
        {
            OnRead = (_, buffer) =>
            {
                if (buffer.GetByte(buffer.ReaderIndex) == '!')
                {
                    throw new InvalidOperationException("from a handler");
                }
            },
        };
        var link = Accept(recorder: recorder);
        link.Peer.Send("!"u8);
        Eventually.True(() => recorder.Saw("error"), "the failure is reported");
        link.Peer.Send("x"u8);
        Eventually.Equal(() => recorder.ReceivedBytes, 2, "the channel reads on");
        Assert.That(recorder.Failures.Single(), Is.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void ThrowInReadComplete_ReadingGoesOn()
    {
        var recorder = new Recorder { OnReadComplete = _ => throw new InvalidOperationException("from a handler") };
        var link = Accept(recorder: recorder);
        link.Peer.Send("a"u8);
        Eventually.Equal(() => recorder.ReceivedBytes, 1, "the first byte is read");
        link.Peer.Send("b"u8);
        Eventually.Equal(() => recorder.ReceivedBytes, 2, "the second byte is read");
    }

    [Test]
    public void ThrowInActive_ChannelLives()
    {
        var recorder = Watch(new Recorder { OnActive = _ => throw new InvalidOperationException("from a handler") });
        var listener = Listen(() => [recorder]);
        var peer = Own(Peer.Connect(listener.LocalAddress));
        Eventually.True(() => recorder.Saw("error"), "the failure is reported");
        Completes(recorder.Channel!.WriteAndFlushAsync(Buffer("alive"u8)));
        Assert.That(peer.Receive(5), Is.EqualTo("alive"u8.ToArray()));
    }

    [Test]
    public void ThrowOnTheEndOfInput_ChannelStillCloses()
    {
        var recorder = new Recorder { OnUserEvent = (_, _) => throw new InvalidOperationException("from a handler") };
        var link = Accept(b => b.ChildOption(ChannelOption.AllowHalfClosure, true), recorder);
        link.Peer.Finish();
        Eventually.True(() => recorder.Saw("error"), "the failure is reported");
        Completes(link.Channel.CloseAsync());
    }

    [Test]
    public void ThrowInTheContinuationOfAWrite_OtherWritesGoOn()
    {
        var link = Accept();
        link.OnLoop(() =>
        {
            link.Channel.WriteAsync(Buffer("a"u8)).ContinueWith(
                _ => throw new InvalidOperationException("from a continuation"), TaskContinuationOptions.ExecuteSynchronously);
            link.Channel.WriteAndFlushAsync(Buffer("b"u8));
        });
        Assert.That(link.Peer.Receive(2), Is.EqualTo("ab"u8.ToArray()));
    }

    [Test]
    public void ThrowInOneChannel_OthersOnTheLoopGoOn()
    {
        var loop = Group.GetNext();
        var failing = new Recorder { OnRead = (_, _) => throw new InvalidOperationException("from a handler") };
        var healthy = new Recorder();
        var recorders = new Queue<Recorder>([failing, healthy]);
        var listener = Listen(() => [recorders.Dequeue()]);
        var first = Own(Peer.Connect(listener.LocalAddress));
        Eventually.True(() => failing.Saw("active"), "the first is accepted");
        var second = Own(Peer.Connect(listener.LocalAddress));
        Eventually.True(() => healthy.Saw("active"), "the second is accepted");
        first.Send("boom"u8);
        Eventually.True(() => failing.Saw("error"), "the failure is reported");
        second.Send("fine"u8);
        Eventually.Equal(() => healthy.ReceivedBytes, 4, "the other channel reads");
        Assert.That(loop.IsShuttingDown, Is.False);
    }
}
