using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>Bytes go through unchanged and in order, whatever their cut and whatever room the system has.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.BothWays))]
public sealed class EchoTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void RandomSizes_ComeBackUnchanged()
    {
        var listener = Listen(() => [Echo()]);
        var recorder = Watch();
        var channel = Result(ConnectAsync(listener.LocalAddress, null, recorder));
        var bytes = RandomBytes(2_000_000);
        var random = new Random(2);
        for (var sent = 0; sent < bytes.Length;)
        {
            var size = Math.Min(random.Next(1, random.Next(1, 100_000)), bytes.Length - sent);
            Completes(channel.WriteAndFlushAsync(Buffer(bytes.AsSpan(sent, size))));
            sent += size;
        }

        Eventually.Equal(() => recorder.ReceivedBytes, bytes.Length, "everything came back");
        Assert.That(recorder.Received, Is.EqualTo(bytes));
    }

    [Test]
    public void OneLargeMessage_TinySendBuffer_ArrivesWhole()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.SoSndbuf, 4096), peerReceiveBuffer: 4096);
        var bytes = RandomBytes(1_000_000);
        var written = link.Channel.WriteAndFlushAsync(Buffer(bytes));
        Assert.That(link.Peer.Receive(bytes.Length), Is.EqualTo(bytes));
        Completes(written);
    }

    [Test]
    public void ManyMessages_TinySendBuffer_ArriveInOrder()
    {
        var link = Connect(b => b.Option(ChannelOption.SoSndbuf, 4096));
        var bytes = RandomBytes(600_000);
        var last = link.OnLoop(() => WriteInPieces(link.Channel, bytes, new Random(3), 3000));
        Assert.That(link.Peer.Receive(bytes.Length), Is.EqualTo(bytes));
        Completes(last);
    }

    [Test]
    public void MessagesAddedWhileTheSocketIsFull_ArriveInOrder()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.SoSndbuf, 4096), peerReceiveBuffer: 4096);
        var bytes = RandomBytes(400_000);
        var random = new Random(4);
        var received = Task.Run(() => link.Peer.Receive(bytes.Length));
        for (var sent = 0; sent < bytes.Length; sent += 10_000)
        {
            var part = bytes.AsMemory(sent, Math.Min(10_000, bytes.Length - sent));
            link.OnLoop(() => WriteInPieces(link.Channel, part.Span, random, 700));
        }

        Assert.That(Result(received), Is.EqualTo(bytes));
    }

    [Test]
    public void MessageOfManyBlocks_ArrivesInOrder([Values(1, 3, 64, 200, 1500)] int blocks)
    {
        var link = Connect(b => b.Option(ChannelOption.SoSndbuf, 4096));
        var bytes = RandomBytes(blocks * 1000);
        var composite = Allocator.CompositeHeapBuffer(blocks);
        for (var block = 0; block < blocks; block++)
        {
            composite.AddComponent(true, Buffer(bytes.AsSpan(block * 1000, 1000)));
        }

        var written = link.Channel.WriteAndFlushAsync(composite);
        Assert.That(link.Peer.Receive(bytes.Length), Is.EqualTo(bytes));
        Completes(written);
    }

    [Test]
    public void EmptyMessages_CompleteWithoutBytes()
    {
        var link = Accept();
        Completes(link.Channel.WriteAndFlushAsync(Unpooled.Empty));
        var mixed = link.OnLoop(() =>
        {
            link.Channel.WriteAsync(Buffer([]));
            link.Channel.WriteAsync(Buffer("a"u8));
            link.Channel.WriteAsync(Buffer([]));
            link.Channel.WriteAsync(Buffer("b"u8));
            return link.Channel.WriteAndFlushAsync(Buffer([]));
        });
        Completes(mixed);
        Assert.That(link.Peer.Receive(2), Is.EqualTo("ab"u8.ToArray()));
    }

    [Test]
    public void WithoutFlush_NothingIsSent()
    {
        var link = Accept();
        link.OnLoop(() => { link.Channel.WriteAsync(Buffer("held"u8)); });
        Completes(link.OnLoop(() => Task.CompletedTask));
        Assert.That(link.Peer.Socket.Available, Is.Zero);
        link.OnLoop(() => { link.Channel.Flush(); });
        Assert.That(link.Peer.Receive(4), Is.EqualTo("held"u8.ToArray()));
    }

    [Test]
    public void ForeignMessage_FailsAndTheChannelGoesOn()
    {
        var link = Accept();
        Fails<NotSupportedException>(link.Channel.WriteAndFlushAsync("text"));
        Completes(link.Channel.WriteAndFlushAsync(Buffer("x"u8)));
        Assert.That(link.Peer.Receive(1), Is.EqualTo("x"u8.ToArray()));
    }

    private static Recorder Echo() => new()
    {
        OnRead = (context, buffer) => context.WriteAsync(buffer.Retain()),
        OnReadComplete = context => context.Flush(),
    };
}
