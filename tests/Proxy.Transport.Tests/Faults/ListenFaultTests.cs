using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Testing;
using Proxy.Transport.Loops;
using Proxy.Transport.Native;
using Proxy.Transport.Tests.Contract;

namespace Proxy.Transport.Tests.Faults;

/// <summary>A listener outlives every failure of accept and of what follows it.</summary>
[TestFixture(AddressKind.Ipv4)]
public sealed class ListenFaultTests(AddressKind kind) : FaultFixture(kind)
{
    [TestCase(Errno.TooManyFiles, SocketError.TooManyOpenSockets)]
    [TestCase(Errno.TooManyFilesInSystem, SocketError.TooManyOpenSockets)]
    [TestCase(Errno.NoBuffers, SocketError.NoBufferSpaceAvailable)]
    [TestCase(Errno.NoMemory, SocketError.NoBufferSpaceAvailable)]
    [TestCase(Errno.NotPermitted, SocketError.AccessDenied)]
    public void SystemIsShort_ToldOnceAndTheClientIsAcceptedAfterAPause(int errno, SocketError told)
    {
        var watcher = new ListenerWatcher();
        var recorder = Watch();
        var listener = Listen(() => [recorder], b => b.Handler(watcher));
        Kernel.AcceptFault = Times(3, errno);
        Own(Peer.Connect(listener.LocalAddress));
        Eventually.True(() => recorder.Saw("active"), "the client is accepted");
        Assert.That(watcher.Failures.Select(failure => ((SocketException)failure).SocketErrorCode), Is.EqualTo(new[] { told }));
    }

    [TestCase(Errno.ConnectionAborted)]
    [TestCase(Errno.ConnectionReset)]
    [TestCase(Errno.Interrupted)]
    [TestCase(Errno.Protocol)]
    [TestCase(Errno.NetworkUnreachable)]
    [TestCase(Errno.NoNetwork)]
    [TestCase(Errno.NoProtocolOption)]
    [TestCase(Errno.TimedOut)]
    public void ClientWasGone_PassedOverSilently(int errno)
    {
        var watcher = new ListenerWatcher();
        var recorder = Watch();
        var listener = Listen(() => [recorder], b => b.Handler(watcher));
        Kernel.AcceptFault = Times(40, errno);
        Own(Peer.Connect(listener.LocalAddress));
        Eventually.True(() => recorder.Saw("active"), "the next client is accepted");
        Assert.That(watcher.Failures, Is.Empty);
    }

    [Test]
    public void NoRoomToWatchTheClient_ItIsClosedAndCountsNoMore()
    {
        var recorder = Watch();
        var listener = Listen(() => [recorder]);
        Kernel.ControlFault = Times(4, Errno.NoSpace);
        for (var client = 0; client < 4; client++)
        {
            using var refused = Peer.Connect(listener.LocalAddress);
            AssertEnds(refused);
        }

        Eventually.Equal(() => Group.Items.Sum(loop => ((TransportEventLoop)loop).Load), 0, "no loop counts them");
        Own(Peer.Connect(listener.LocalAddress));
        Eventually.True(() => recorder.Saw("active"), "the next client is accepted");
    }

    [Test]
    public void NoRoomToWatchTheListener_BindFails()
    {
        Kernel.ControlFault = Times(1, Errno.NoMemory);
        var failure = Assert.Catch<SocketException>(() => Listen(() => [Watch()]));
        Assert.That(failure!.SocketErrorCode, Is.EqualTo(SocketError.NoBufferSpaceAvailable));
    }

    private static void AssertEnds(Peer peer)
    {
        try
        {
            Assert.That(peer.ReceiveToEnd(), Is.Empty);
        }
        catch (SocketException end) when (end.SocketErrorCode == SocketError.ConnectionReset)
        {
            // An end as well.
        }
    }
}
