using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Testing;
using Proxy.Transport.Native;

namespace Proxy.Transport.Tests.Native;

/// <summary>Addresses of all kinds, and options, as the system tells them.</summary>
public sealed class NativeSocketTests
{
    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public void BoundToAnIpAddress_TellsItWithThePort(string address)
    {
        using var socket = new Closing(new IPEndPoint(IPAddress.Parse(address), 0));
        socket.It.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        var local = (IPEndPoint)socket.It.LocalAddress()!;
        Assert.That(local.Address, Is.EqualTo(IPAddress.Parse(address)));
        Assert.That(local.Port, Is.Not.Zero);
    }

    [Test]
    public void NotConnected_HasNoPeer()
    {
        using var socket = new Closing(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.That(socket.It.RemoteAddress(), Is.Null);
    }

    [Test]
    public void BoundToAFile_TellsThePath()
    {
        using var folder = new TempFolder();
        var address = new UnixDomainSocketEndPoint(folder["a.sock"]);
        using var socket = new Closing(address);
        socket.It.Bind(address);
        Assert.That(socket.It.LocalAddress()?.ToString(), Is.EqualTo(address.ToString()));
        Assert.That(NativeSocket.FileOf(address), Is.EqualTo(address.ToString()));
    }

    [Test]
    public void PathOfTheGreatestLength_IsTold()
    {
        var path = "/tmp/" + new string('x', 102);
        var address = new UnixDomainSocketEndPoint(path);
        using var socket = new Closing(address);
        socket.It.Bind(address);
        File.Delete(path);
        Assert.That(socket.It.LocalAddress()?.ToString(), Is.EqualTo(path));
    }

    [Test]
    public void UnixSocketWithoutAName_TellsAnEmptyAddress()
    {
        using var socket = new Closing(new UnixDomainSocketEndPoint("/unused"));
        Assert.That(socket.It.LocalAddress()?.ToString(), Is.Empty);
    }

    [Test]
    public void AbstractName_IsToldAndHasNoFile()
    {
        var address = new UnixDomainSocketEndPoint($"\0proxy-test-{Guid.NewGuid():N}");
        using var socket = new Closing(address);
        socket.It.Bind(address);
        Assert.That(socket.It.LocalAddress()?.ToString(), Is.EqualTo(address.ToString()));
        Assert.That(NativeSocket.FileOf(address), Is.Null);
    }

    [Test]
    public void IpAddress_HasNoFile() => Assert.That(NativeSocket.FileOf(new IPEndPoint(IPAddress.Any, 0)), Is.Null);

    [Test]
    public void Ipv4AddressForASocketOfBothFamilies_IsMapped()
    {
        using var socket = new Closing(new DnsEndPoint("localhost", 1));
        var serialized = socket.It.Serialize(new IPEndPoint(IPAddress.Loopback, 6379));
        Assert.That(new IPEndPoint(IPAddress.IPv6Any, 0).Create(serialized).ToString(), Is.EqualTo("[::ffff:127.0.0.1]:6379"));
    }

    [Test]
    public void ForeignAddress_IsRefused() => Assert.Throws<ArgumentException>(() => NativeSocket.Open(new ForeignEndPoint()));

    [Test]
    public void BindToAnAddressInUse_SaysSo()
    {
        using var first = new Closing(new IPEndPoint(IPAddress.Loopback, 0));
        first.It.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var second = new Closing(new IPEndPoint(IPAddress.Loopback, 0));
        var failure = Assert.Throws<SocketException>(() => second.It.Bind(first.It.LocalAddress()!));
        Assert.That(failure!.SocketErrorCode, Is.EqualTo(SocketError.AddressAlreadyInUse));
    }

    [Test]
    public void Options_ReadBack()
    {
        using var socket = new Closing(new IPEndPoint(IPAddress.Loopback, 0));
        var it = socket.It;
        it.NoDelay = it.KeepAlive = it.ReuseAddress = it.ReusePort = true;
        it.SendBufferSize = it.ReceiveBufferSize = 8192;
        Assert.That((it.NoDelay, it.KeepAlive, it.ReuseAddress, it.ReusePort, it.IsTcp), Is.EqualTo((true, true, true, true, true)));
        Assert.That((it.SendBufferSize, it.ReceiveBufferSize), Is.EqualTo((16384, 16384)));
        it.NoDelay = it.KeepAlive = it.ReuseAddress = it.ReusePort = false;
        Assert.That((it.NoDelay, it.KeepAlive, it.ReuseAddress, it.ReusePort), Is.EqualTo((false, false, false, false)));
    }

    [Test]
    public void ClosedTwice_ClosesOnlyItsOwnDescriptor()
    {
        var socket = NativeSocket.Open(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Close();
        using var other = new Closing(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Close();
        Assert.That(socket.Descriptor, Is.EqualTo(-1));
        Assert.That(other.It.TakeError(), Is.Zero);
    }

    [Test]
    public void OptionOfAClosedSocket_IsRefused()
    {
        var socket = NativeSocket.Open(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Close();
        Assert.Throws<SocketException>(() => socket.KeepAlive = true);
    }

    private sealed class Closing(EndPoint address) : IDisposable
    {
        public NativeSocket It { get; } = NativeSocket.Open(address);

        public void Dispose() => It.Close();
    }

    private sealed class ForeignEndPoint : EndPoint;
}
