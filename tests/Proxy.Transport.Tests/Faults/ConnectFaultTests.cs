using System.Net.Sockets;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Transport.Native;
using Proxy.Transport.Tests.Contract;

namespace Proxy.Transport.Tests.Faults;

/// <summary>Connects that the system refuses, puts off or interrupts.</summary>
[TestFixture(AddressKind.Ipv4)]
[TestFixture(AddressKind.Unix)]
public sealed class ConnectFaultTests(AddressKind kind) : FaultFixture(kind)
{
    [TestCase(Errno.TimedOut, SocketError.TimedOut)]
    [TestCase(Errno.NetworkUnreachable, SocketError.NetworkUnreachable)]
    [TestCase(Errno.HostUnreachable, SocketError.HostUnreachable)]
    [TestCase(Errno.AddressNotAvailable, SocketError.AddressNotAvailable)]
    [TestCase(Errno.NoBuffers, SocketError.NoBufferSpaceAvailable)]
    [TestCase(Errno.AccessDenied, SocketError.AccessDenied)]
    public void Refused_TheTaskSaysWhyAndNothingIsLeft(int errno, SocketError told)
    {
        var listener = ListenPlain();
        Kernel.ConnectFault = Times(1, errno);
        var recorder = Watch();
        var failure = Fails<ConnectException>(ConnectAsync(listener.LocalEndPoint!, null, recorder));
        Assert.That((failure.InnerException as SocketException)?.SocketErrorCode, Is.EqualTo(told));
        WaitForEnd(recorder);
        Assert.That(recorder.Events, Is.EqualTo(new[] { "registered", "unregistered" }));
    }

    [Test]
    public void Again_IsTriedAgainOnAUnixSocketOnly()
    {
        var listener = ListenPlain();
        Kernel.ConnectFault = Times(3, Errno.Again);
        var attempt = ConnectAsync(listener.LocalEndPoint!);
        if (Kind == AddressKind.Unix)
        {
            Assert.That(Result(attempt).Active, Is.True);
        }
        else
        {
            Fails<ConnectException>(attempt);
        }
    }

    [Test]
    public void Interrupted_GoesOnInTheBackground()
    {
        var listener = ListenPlain();
        Kernel.ConnectFault = Times(1, Errno.Interrupted);
        Assert.That(Result(ConnectAsync(listener.LocalEndPoint!)).Active, Is.True);
    }

    [TestCase(Errno.NoSpace)]
    [TestCase(Errno.NoMemory)]
    public void NoRoomToWatchIt_FailsAndNothingIsLeft(int errno)
    {
        var listener = ListenPlain();
        Kernel.ControlFault = Times(1, errno);
        var recorder = Watch();
        var failure = Fails<ConnectException>(ConnectAsync(listener.LocalEndPoint!, null, recorder));
        Assert.That(failure.InnerException, Is.InstanceOf<SocketException>());
        WaitForEnd(recorder);
        Assert.That(recorder.Saw("active"), Is.False);
    }
}
