using System.Net.Sockets;
using DotNetty.Transport.Channels;
using NUnit.Framework;

namespace Proxy.Transport.Tests.Contract;

/// <summary>What only a Unix socket has: a file.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.EachTransport))]
public sealed class UnixSocketTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void ListenerCloses_ItsFileGoes()
    {
        var address = NewUnixAddress();
        var listener = Listen(() => [Watch()], null, address);
        Assert.That(File.Exists(address.ToString()), Is.True);
        Completes(listener.CloseAsync());
        Assert.That(File.Exists(address.ToString()), Is.False);
    }

    [Test]
    public void AcceptedAndConnectedChannelsClose_TheFileStays()
    {
        var address = NewUnixAddress();
        var recorder = Watch();
        Listen(() => [recorder], null, address);
        var channel = Result(ConnectAsync(address));
        Testing.Eventually.True(() => recorder.Saw("active"), "the connection is accepted");
        Completes(recorder.Channel!.CloseAsync());
        Completes(channel.CloseAsync());
        Assert.That(File.Exists(address.ToString()), Is.True);
    }

    [Test]
    public void NoFile_ConnectFails()
    {
        var failure = Fails<ConnectException>(ConnectAsync(NewUnixAddress()));
        Assert.That((failure.InnerException as SocketException)?.SocketErrorCode, Is.EqualTo(SocketError.AddressNotAvailable));
    }

    [Test]
    public void FileIsThere_BindFails()
    {
        var address = NewUnixAddress();
        File.WriteAllText(address.ToString(), "stale");
        var failure = Assert.Catch<SocketException>(() => Listen(() => [Watch()], null, address));
        Assert.That(failure!.SocketErrorCode, Is.EqualTo(SocketError.AddressAlreadyInUse));
        Assert.That(File.Exists(address.ToString()), Is.True);
    }

    [Test]
    public void TcpOptions_AreIgnored()
    {
        var address = NewUnixAddress();
        Listen(() => [Watch()], b => b.ChildOption(ChannelOption.TcpNodelay, true).ChildOption(ChannelOption.SoKeepalive, true), address);
        Assert.That(Result(ConnectAsync(address)).Active, Is.True);
    }
}
