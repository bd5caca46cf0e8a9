using System.Net.Sockets;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>Listening and accepting.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.All))]
public sealed class ListenerTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void ABurstOfClients_IsAcceptedWhole()
    {
        var listener = Listen(() => [Watch(new Recorder { OnActive = context => context.WriteAndFlushAsync(Buffer("!"u8)) })]);
        var peers = Enumerable.Range(0, 200).Select(_ => Own(Peer.Connect(listener.LocalAddress))).ToArray();
        Assert.That(peers.Select(peer => peer.Receive(1)[0]), Is.All.EqualTo((byte)'!'));
    }

    [Test]
    public void AddressInUse_BindFailsAndNothingIsLeft()
    {
        var taken = ListenPlain();
        var failure = Assert.Catch(() => Listen(() => [], null, taken.LocalEndPoint));
        Assert.That((failure as SocketException)?.SocketErrorCode, Is.EqualTo(SocketError.AddressAlreadyInUse));
    }

    [Test]
    public void Closed_NobodyConnectsAndAcceptedChannelsLive()
    {
        var recorder = Watch();
        var listener = Listen(() => [recorder]);
        var peer = Own(Peer.Connect(listener.LocalAddress));
        Eventually.True(() => recorder.Saw("active"), "the connection is accepted");
        Completes(listener.CloseAsync());
        Assert.Throws<SocketException>(() => Peer.Connect(listener.LocalAddress));
        Completes(recorder.Channel!.WriteAndFlushAsync(Buffer("alive"u8)));
        Assert.That(peer.Receive(5), Is.EqualTo("alive"u8.ToArray()));
    }

    [Test]
    public void Closed_TheAddressIsFreeAtOnce()
    {
        var first = Listen(() => [Watch()]);
        var address = first.LocalAddress;
        Own(Peer.Connect(address));
        Completes(first.CloseAsync());
        Assert.DoesNotThrow(() => Listen(() => [Watch()], null, address));
    }

    [Test]
    public void Unbound_IsOpenAndNotActive()
    {
        var listener = Transport.NewServerChannel(NewAddress());
        Assert.That((listener.Open, listener.Active), Is.EqualTo((true, false)));
        Completes(Group.GetNext().RegisterAsync(listener));
        Completes(listener.CloseAsync());
        Assert.That(listener.Open, Is.False);
    }

    [Test]
    public void AutoReadOff_ClientsWaitUntilItIsOn()
    {
        var recorder = Watch();
        var listener = Listen(() => [recorder], b => b.Option(ChannelOption.AutoRead, false));
        Own(Peer.Connect(listener.LocalAddress));
        Eventually.Stays(() => recorder.Channel is null, "nobody is accepted", TimeSpan.FromMilliseconds(50));
        listener.Configuration.AutoRead = true;
        Eventually.True(() => recorder.Saw("active"), "the connection is accepted");
    }

    [Test]
    public void NoDescriptorsLeft_ListenerPausesTellsOnceAndGoesOn()
    {
        var watcher = new Recorder();
        var recorder = Watch();
        var address = NewAddress();
        var client = Own(new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified));
        using (DescriptorLimit.NoMore(spare: 1))
        {
            // Under the limit: io_uring goes by the one that there was when it began to accept.
            var listener = Listen(() => [recorder], b => b.Handler(new FailureWatcher(watcher)), address);
            client.Connect(listener.LocalAddress);
            Eventually.True(() => !watcher.Failures.IsEmpty, "the failure is reported");

            // Long enough for two more attempts.
            Eventually.Stays(() => watcher.Failures.Count == 1, "the failure is reported once", TimeSpan.FromMilliseconds(700));
        }

        Eventually.True(() => recorder.Saw("active"), "the waiting client is accepted");
        Assert.That(watcher.Failures.Select(failure => ((SocketException)failure).SocketErrorCode), Is.EqualTo(new[] { SocketError.TooManyOpenSockets }));
    }

    [Test]
    public void Ends_WithTheGroup_WhenItIsNotClosedFirst()
    {
        var group = Transport.NewEventLoopGroup(1);
        var address = NewAddress();
        var listener = Transport.NewServerChannel(address);
        Completes(group.GetNext().RegisterAsync(listener));
        Completes(listener.BindAsync(address));
        Shutdown(group);
        Assert.That(listener.Open, Is.False);
    }

    private sealed class FailureWatcher(Recorder recorder) : ChannelHandlerAdapter
    {
        public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => recorder.Failures.Enqueue(exception);
    }
}
