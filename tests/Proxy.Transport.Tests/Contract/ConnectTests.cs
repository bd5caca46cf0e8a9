using System.Net.Sockets;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>Connecting, and why it may fail.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.All))]
public sealed class ConnectTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void SomebodyListens_Active()
    {
        var link = Connect();
        Eventually.True(() => link.Recorder.Saw("active"), "the connect is reported");
        Assert.That(link.Channel.Active, Is.True);
        Assert.That(link.Recorder.Events, Is.EqualTo(new[] { "registered", "active" }));
    }

    [Test]
    public void Addresses_AreThoseOfThePeer()
    {
        var link = Connect();
        Assert.That(link.Channel.RemoteAddress, Is.EqualTo(link.Peer.Socket.LocalEndPoint));
        Assert.That(link.Channel.LocalAddress?.ToString(), Is.EqualTo(link.Peer.Socket.RemoteEndPoint?.ToString()));
    }

    [Test]
    public void NobodyListens_Refused()
    {
        var recorder = Watch();
        var failure = Fails<ConnectException>(ConnectAsync(NobodyListens(), null, recorder));
        Assert.That(failure.InnerException, Is.InstanceOf<SocketException>());
        Assert.That(((SocketException)failure.InnerException!).SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused));
        Eventually.True(() => recorder.Saw("unregistered"), "the channel is closed");
        Assert.That(recorder.Events, Is.EqualTo(new[] { "registered", "unregistered" }));
    }

    [Test]
    public void RefusedFiftyTimes_NothingLeft()
    {
        var address = NobodyListens();
        var attempts = Enumerable.Range(0, 50).Select(_ => ConnectAsync(address)).ToArray();
        Assert.That(attempts.Select(attempt => Fails<ConnectException>(attempt)).ToArray(), Has.Length.EqualTo(50));
    }

    [Test]
    public void ClosedWhileConnectingOrAfter_NothingLeft()
    {
        var listener = ListenPlain();
        var channel = Transport.NewSocketChannel(listener.LocalEndPoint!);
        Completes(Group.GetNext().RegisterAsync(channel));
        var connected = channel.ConnectAsync(listener.LocalEndPoint!);
        Completes(channel.CloseAsync());
        Assert.That(() => connected.IsCompleted, Is.True.After(5000, 5));
        Assert.That(channel.Open, Is.False);
    }

    [Test]
    public void SecondConnectOfAChannel_Fails()
    {
        var link = Connect();
        Fails<ConnectionPendingException>(link.Channel.ConnectAsync(link.Peer.Socket.LocalEndPoint!));
        Assert.That(link.Channel.Active, Is.True);
    }

    [Test]
    public void ConnectOfAClosedChannel_Fails()
    {
        var channel = Transport.NewSocketChannel(NobodyListens());
        Completes(Group.GetNext().RegisterAsync(channel));
        Completes(channel.CloseAsync());
        Fails<ClosedChannelException>(channel.ConnectAsync(NobodyListens()));
    }

    [Test]
    public void WriteBeforeTheConnect_FailsAndReleasesTheBuffer()
    {
        var channel = Transport.NewSocketChannel(NobodyListens());
        Completes(Group.GetNext().RegisterAsync(channel));
        Fails<NotYetConnectedException>(channel.WriteAndFlushAsync(Buffer("early"u8)));
        Completes(channel.CloseAsync());
    }

    [Test]
    public void WriteInActive_IsTheFirstThatThePeerReads()
    {
        var recorder = new Recorder { OnActive = context => context.WriteAndFlushAsync(Buffer("hello"u8)) };
        var link = Connect(recorder: recorder);
        Assert.That(link.Peer.Receive(5), Is.EqualTo("hello"u8.ToArray()));
    }
}
