using DotNetty.Transport.Channels;
using NUnit.Framework;

namespace Proxy.Transport.Tests.Contract;

/// <summary>Channel options reach the socket.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.Tcp))]
public sealed class OptionTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void NoDelay_IsOnUnlessSwitchedOff()
    {
        Assert.That(Accept().Channel.Configuration.GetOption(ChannelOption.TcpNodelay), Is.True);
        Assert.That(Connect().Channel.Configuration.GetOption(ChannelOption.TcpNodelay), Is.True);
        Assert.That(
            Accept(b => b.ChildOption(ChannelOption.TcpNodelay, false)).Channel.Configuration.GetOption(ChannelOption.TcpNodelay), Is.False);
    }

    [Test]
    public void KeepAlive_IsOffUnlessSwitchedOn()
    {
        Assert.That(Accept().Channel.Configuration.GetOption(ChannelOption.SoKeepalive), Is.False);
        Assert.That(
            Accept(b => b.ChildOption(ChannelOption.SoKeepalive, true)).Channel.Configuration.GetOption(ChannelOption.SoKeepalive), Is.True);
    }

    [Test]
    public void BufferSizes_AreTheSystems()
    {
        var configuration = Accept(b => b
            .ChildOption(ChannelOption.SoSndbuf, 8192)
            .ChildOption(ChannelOption.SoRcvbuf, 8192)).Channel.Configuration;

        // Linux doubles what is asked for: socket(7).
        Assert.That(configuration.GetOption(ChannelOption.SoSndbuf), Is.InRange(8192, 16384));
        Assert.That(configuration.GetOption(ChannelOption.SoRcvbuf), Is.InRange(8192, 16384));
    }

    [Test]
    public void ReusePort_TwoListenersShareAPort()
    {
        var first = Listen(() => [Watch()], b => b.Option(ChannelOption.SoReuseport, true));
        Assert.DoesNotThrow(() => Listen(() => [Watch()], b => b.Option(ChannelOption.SoReuseport, true), first.LocalAddress));
        Assert.That(first.Configuration.GetOption(ChannelOption.SoReuseport), Is.True);
    }

    [Test]
    public void ReuseAddress_DoesNotShareAPort()
    {
        var first = Listen(() => [Watch()], b => b.Option(ChannelOption.SoReuseaddr, true));
        Assert.That(first.Configuration.GetOption(ChannelOption.SoReuseport), Is.False);
        Assert.Catch(() => Listen(() => [Watch()], b => b.Option(ChannelOption.SoReuseaddr, true), first.LocalAddress));
    }

    [Test]
    public void HalfClosure_IsOffUnlessSwitchedOn()
    {
        var configuration = Accept().Channel.Configuration;
        Assert.That(configuration.GetOption(ChannelOption.AllowHalfClosure), Is.False);
        Assert.That(configuration.SetOption(ChannelOption.AllowHalfClosure, true), Is.True);
        Assert.That(configuration.GetOption(ChannelOption.AllowHalfClosure), Is.True);
    }

    [Test]
    public void UnknownOption_IsRefused() =>
        Assert.That(Accept().Channel.Configuration.SetOption(ChannelOption.IpTos, 1), Is.False);

    [Test]
    public void Backlog_IsKept()
    {
        var listener = Listen(() => [Watch()], b => b.Option(ChannelOption.SoBacklog, 7));
        Assert.That(listener.Configuration.GetOption(ChannelOption.SoBacklog), Is.EqualTo(7));
    }
}
