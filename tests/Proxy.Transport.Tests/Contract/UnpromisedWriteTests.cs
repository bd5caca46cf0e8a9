using System.Net.Sockets;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>
/// Writes that promise nothing are writes all the same: what is particular to them. What is the same with all writes is told by the tests of
/// <see cref="TransportCase.BothWays"/>.
/// </summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.Unpromised))]
public sealed class UnpromisedWriteTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    private const int Tiny = 4096;

    [Test]
    public void TaskOfAWrite_IsCompleteAtOnce()
    {
        var link = Blocked(out _);
        Assert.That(link.OnLoop(() => link.Channel.WriteAsync(Buffer("x"u8)).IsCompletedSuccessfully), Is.True);
    }

    [Test]
    public void PromisedAndUnpromisedMixed_ArriveInOrder()
    {
        var link = TinyLink();
        var bytes = RandomBytes(600_000);
        var random = new Random(5);
        var received = Task.Run(() => link.Peer.Receive(bytes.Length));
        var last = link.OnLoop(() =>
        {
            var promised = Task.CompletedTask;
            for (var sent = 0; sent < bytes.Length;)
            {
                var size = Math.Min(random.Next(1, 3000), bytes.Length - sent);
                link.Channel.Configuration.SetOption(Transport.UnpromisedWrites, random.Next(2) == 0);
                var written = link.Channel.WriteAsync(Buffer(bytes.AsSpan(sent, size)));
                promised = written.IsCompleted ? promised : written;
                sent += size;
                if (random.Next(4) == 0)
                {
                    link.Channel.Flush();
                }
            }

            link.Channel.Flush();
            return promised;
        });
        Assert.That(Result(received), Is.EqualTo(bytes));
        Completes(last);
    }

    [Test]
    public void SentAndNothingElseHappens_TheBufferIsReleasedAllTheSame()
    {
        var link = Accept(b => b.ChildOption(Transport.UnpromisedWrites, true));
        var buffer = Buffer("the last one for long"u8);
        link.OnLoop(() => { link.Channel.WriteAndFlushAsync(buffer); });
        Eventually.Equal(() => buffer.ReferenceCount, 0, "the buffer is released");
    }

    [Test]
    public void WithoutFlush_NothingIsSentAndTheCloseReleasesIt()
    {
        var link = Accept();
        var buffer = Buffer("held"u8);
        link.OnLoop(() => { link.Channel.WriteAsync(buffer); });
        Completes(link.Channel.CloseAsync());
        Assert.That(link.Peer.ReceiveToEnd(), Is.Empty);
        Assert.That(buffer.ReferenceCount, Is.Zero);
    }

    [Test]
    public void WriteAndFlushInsideUnwritable_KeepsTheOrder()
    {
        var extra = RandomBytes(10_000, 7);
        var recorder = new Recorder
        {
            OnWritability = (context, writable) =>
            {
                if (!writable)
                {
                    context.WriteAsync(Buffer(extra.AsSpan(0, 5000)));
                    context.WriteAndFlushAsync(Buffer(extra.AsSpan(5000)));
                }
            },
        };
        var link = TinyLink(recorder);
        var bytes = RandomBytes(200_000);
        link.OnLoop(() => WriteInPieces(link.Channel, bytes, new Random(8), 9000));
        var received = link.Peer.Receive(bytes.Length + extra.Length);

        // They came somewhere in between, each whole and once.
        var at = received.AsSpan().IndexOf(extra.AsSpan(0, 5000));
        Assert.That(at, Is.GreaterThanOrEqualTo(0));
        Assert.That(received.AsSpan(at, extra.Length).SequenceEqual(extra), Is.True, "what was written there stays together");
        Assert.That(received[..at].Concat(received[(at + extra.Length)..]), Is.EqualTo(bytes));
    }

    [Test]
    public void CloseInsideUnwritable_ReleasesEachBufferOnce()
    {
        var link = TinyLink(new Recorder { OnWritability = (context, _) => context.CloseAsync() });
        var buffers = Enumerable.Range(0, 50).Select(_ => Buffer(new byte[9000])).ToArray();
        link.OnLoop(() =>
        {
            foreach (var buffer in buffers)
            {
                link.Channel.WriteAsync(buffer);
            }

            link.Channel.Flush();
        });
        Completes(link.Channel.CloseCompletion);
        Eventually.True(() => link.Recorder.Saw("inactive"), "the close is reported");
        Assert.That(buffers.Select(buffer => buffer.ReferenceCount), Is.All.Zero);
        Assert.That(link.Recorder.Saw("error"), Is.False);
    }

    [Test]
    public void CloseInsideUnwritable_OneFlushLargerThanAll_ReleasesEachBufferOnce()
    {
        var link = TinyLink(new Recorder { OnWritability = (context, _) => context.CloseAsync() });
        var buffers = Enumerable.Range(0, 3).Select(_ => Buffer(new byte[4_000_000])).ToArray();
        link.OnLoop(() =>
        {
            foreach (var buffer in buffers)
            {
                link.Channel.WriteAndFlushAsync(buffer);
            }
        });
        Completes(link.Channel.CloseCompletion);
        Eventually.True(() => link.Recorder.Saw("inactive"), "the close is reported");
        Eventually.True(() => buffers.All(buffer => buffer.ReferenceCount == 0), "all are released");
        Assert.That(link.Recorder.Saw("error"), Is.False);
    }

    [Test]
    public void CloseWhileWritesWait_ReleasesThem()
    {
        var link = Blocked(out var bytes);
        Completes(link.Channel.CloseAsync());
        Assert.That(link.Peer.ReceiveToEnd(), Has.Length.LessThan(bytes.Length), "what waited is not sent");
    }

    [Test]
    public void WriteBeforeTheConnect_IsReleasedAndTheChannelConnectsAllTheSame()
    {
        var listener = ListenPlain();
        var channel = Transport.NewSocketChannel(listener.LocalEndPoint!);
        channel.Configuration.SetOption(Transport.UnpromisedWrites, true);
        Completes(Group.GetNext().RegisterAsync(channel));
        var buffer = Buffer("early"u8);
        channel.WriteAndFlushAsync(buffer);
        Eventually.Equal(() => buffer.ReferenceCount, 0, "the buffer is released");
        Completes(channel.ConnectAsync(listener.LocalEndPoint!));
        using var peer = new Peer(listener.Accept());
        channel.WriteAndFlushAsync(Buffer("now"u8));
        Assert.That(peer.Receive(3), Is.EqualTo("now"u8.ToArray()));
        Completes(channel.CloseAsync());
    }

    [Test]
    public void OutputShutdown_ComesBehindTheBatchOfTheSameFlush()
    {
        var link = Accept();
        Completes(link.OnLoop(() =>
        {
            link.Channel.WriteAsync(Buffer("last "u8));
            link.Channel.WriteAsync(Buffer("words"u8));
            return link.Channel.WriteAndFlushAsync(SocketShutdown.Send);
        }));
        Assert.That(link.Peer.ReceiveToEnd(), Is.EqualTo("last words"u8.ToArray()));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void OutputShutdown_BehindABatchThatTheSystemTakesInPieces_ComesLast(bool isFlushed)
    {
        var link = TinyLink();
        var bytes = RandomBytes(200_000);
        var received = Task.Run(link.Peer.ReceiveToEnd);
        link.OnLoop(() =>
        {
            link.Channel.WriteAndFlushAsync(Buffer(bytes));
            link.Channel.WriteAsync(SocketShutdown.Send);
            if (isFlushed)
            {
                link.Channel.Flush();
            }
        });
        Eventually.Equal(() => Allocator.Metric.UsedHeapMemory, 0, "everything is sent");
        link.OnLoop(() => link.Channel.Flush());
        Assert.That(Result(received), Is.EqualTo(bytes));
    }

    [Test]
    public void WriteBehindAnOutputShutdownThatIsNotFlushed_IsNotSent()
    {
        var link = Accept();
        var buffer = Buffer("late"u8);
        Completes(link.OnLoop(() =>
        {
            link.Channel.WriteAsync(Buffer("before"u8));
            var finished = link.Channel.WriteAsync(SocketShutdown.Send);
            link.Channel.WriteAndFlushAsync(buffer);
            return finished;
        }));
        Assert.That(link.Peer.ReceiveToEnd(), Is.EqualTo("before"u8.ToArray()));
        Eventually.Equal(() => buffer.ReferenceCount, 0, "the late buffer is released");
        Assert.That(link.Channel.Active, Is.True);
    }

    [Test]
    public void PeerFinishes_WhileWritesWait_TheyArriveAll()
    {
        var link = Accept(
            b => b.ChildOption(ChannelOption.SoSndbuf, Tiny).ChildOption(ChannelOption.AllowHalfClosure, true), peerReceiveBuffer: Tiny);
        var bytes = RandomBytes(1_000_000);
        link.OnLoop(() => WriteInPieces(link.Channel, bytes, new Random(10), 20_000));
        link.Peer.Finish();
        Assert.That(link.Peer.Receive(bytes.Length), Is.EqualTo(bytes));
    }

    [Test]
    public void ResetWhileWritesWait_OneFailureThenInactive()
    {
        var link = Blocked(out _);
        link.Peer.Receive(10_000);
        link.Peer.Reset();
        AssertBroken(link);
    }

    [Test]
    public void ResetMetByAWrite_OneFailureThenInactive()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.AutoRead, false));
        link.Peer.Reset();
        Eventually.True(
            () =>
            {
                link.Channel.WriteAndFlushAsync(Buffer("x"u8));
                return !link.Channel.Active;
            },
            "a write meets the reset");
        AssertBroken(link);
    }

    [Test]
    public void BufferThatIsReleasedAlready_ClosesItsChannelAndNoOther()
    {
        var broken = Accept();
        var secret = "of the one"u8.ToArray();
        broken.OnLoop(() =>
        {
            var released = Allocator.CompositeHeapBuffer(2).AddComponent(true, Buffer("gone"u8));
            broken.Channel.WriteAsync(Buffer(secret));
            broken.Channel.WriteAsync(released);
            released.Release();
            broken.Channel.Flush();
        });
        Completes(broken.Channel.CloseCompletion);
        var channels = Enumerable.Range(0, 4).Select(_ => Accept()).ToArray();
        foreach (var link in channels)
        {
            link.Channel.WriteAndFlushAsync(Buffer("other"u8));
            Assert.That(link.Peer.Receive(5), Is.EqualTo("other"u8.ToArray()));
            Completes(link.Channel.CloseAsync());
            Assert.That(link.Peer.ReceiveToEnd(), Is.Empty);
        }
    }

    private Link TinyLink(Recorder? recorder = null) => Accept(b => b.ChildOption(ChannelOption.SoSndbuf, Tiny), recorder, Tiny);

    private Link Blocked(out byte[] bytes)
    {
        var link = TinyLink();
        var all = bytes = RandomBytes(1_000_000);
        link.OnLoop(() => WriteInPieces(link.Channel, all, new Random(11), 20_000));
        return link;
    }

    private void AssertBroken(Link link)
    {
        Completes(link.Channel.CloseCompletion);
        Eventually.True(() => link.Recorder.Saw("inactive"), "the close is reported");
        if (Kind != AddressKind.Unix)
        {
            // A Unix socket whose peer is gone may also just end.
            Assert.That(link.Recorder.Events.Where(one => one is "error" or "inactive"), Is.EqualTo(new[] { "error", "inactive" }));
            Assert.That(
                ((SocketException)link.Recorder.Failures.Single()).SocketErrorCode,
                Is.EqualTo(SocketError.ConnectionReset).Or.EqualTo(SocketError.Shutdown));
        }
    }
}
