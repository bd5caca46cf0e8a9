using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>Connects that only a network can fail.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.EachTransport))]
public sealed class TcpConnectTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void NoAnswer_TimesOut()
    {
        using var hole = BlackHole.Start();
        var clock = Stopwatch.StartNew();
        var failure = Fails<ConnectException>(ConnectAsync(
            new IPEndPoint(IPAddress.Loopback, hole.Port), b => b.Option(ChannelOption.ConnectTimeout, TimeSpan.FromMilliseconds(200))));
        Assert.That((failure.InnerException as SocketException)?.SocketErrorCode, Is.EqualTo(SocketError.TimedOut));
        Assert.That(clock.Elapsed, Is.GreaterThan(TimeSpan.FromMilliseconds(190)).And.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void NoAnswer_TheLoopWorksOn()
    {
        using var hole = BlackHole.Start();
        var recorder = Watch();
        var attempt = ConnectAsync(new IPEndPoint(IPAddress.Loopback, hole.Port), null, recorder);
        var channel = Eventually.Get(() => recorder.Channel, "the channel is registered");
        var ran = new TaskCompletionSource();
        channel.EventLoop.Execute(ran.SetResult);
        Completes(ran.Task);
        Assert.That(attempt.IsCompleted, Is.False);
        Completes(channel.CloseAsync());
        Fails<ClosedChannelException>(attempt);
    }

    [Test]
    public void NoWay_Unreachable()
    {
        // The broadcast address of loopback: there is a route, but TCP does not broadcast.
        var failure = Fails<ConnectException>(ConnectAsync(new IPEndPoint(IPAddress.Parse("127.255.255.255"), 6379)));
        Assert.That((failure.InnerException as SocketException)?.SocketErrorCode, Is.EqualTo(SocketError.NetworkUnreachable));
    }

    [Test]
    public void ListeningOnEveryIpv6Address_TakesIpv4Clients()
    {
        var recorder = Watch();
        var listener = Listen(() => [recorder], null, new IPEndPoint(IPAddress.IPv6Any, 0));
        Own(Peer.Connect(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)listener.LocalAddress).Port)));
        Eventually.True(() => recorder.Saw("active"), "the connection is accepted");
    }

    [Test]
    public void HostName_IsResolvedByTheBootstrap()
    {
        var recorder = Watch();
        var listener = Listen(() => [recorder]);
        var channel = Result(ConnectAsync(new DnsEndPoint("localhost", ((IPEndPoint)listener.LocalAddress).Port)));
        Assert.That(channel.Active, Is.True);
    }

    [Test]
    public void LocalAddress_IsUsed()
    {
        var listener = ListenPlain();
        var other = IPAddress.Parse("127.0.0.77");
        var channel = Result(ConnectAsync(listener.LocalEndPoint!, b => b.LocalAddress(new IPEndPoint(other, 0))));
        Assert.That(((IPEndPoint)channel.LocalAddress).Address, Is.EqualTo(other));
    }

    [Test]
    public void ForeignKindOfAddress_IsRefusedAtOnce() =>
        Assert.Throws<ArgumentException>(() => Transport.NewServerChannel(new DnsEndPoint("localhost", 0)));
}
