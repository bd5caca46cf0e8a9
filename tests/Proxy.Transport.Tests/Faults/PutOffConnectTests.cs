using System.Net.Sockets;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Transport.Native;
using Proxy.Transport.Tests.Contract;

namespace Proxy.Transport.Tests.Faults;

/// <summary>Only the connect of a Unix socket is put off and tried again by a timer.</summary>
[TestFixture(AddressKind.Unix)]
public sealed class PutOffConnectTests(AddressKind kind) : FaultFixture(kind)
{
    [Test]
    public void NoRoomToWatchItThen_Fails()
    {
        var listener = ListenPlain();
        Kernel.ConnectFault = Times(2, Errno.Again);
        Kernel.ControlFault = Times(1, Errno.NoSpace);
        Fails<ConnectException>(ConnectAsync(listener.LocalEndPoint!));
    }

    [Test]
    public void AgainForEver_TimesOut()
    {
        var listener = ListenPlain();
        Kernel.ConnectFault = () => Errno.Again;
        var failure = Fails<ConnectException>(ConnectAsync(
            listener.LocalEndPoint!, b => b.Option(ChannelOption.ConnectTimeout, TimeSpan.FromMilliseconds(100))));
        Assert.That((failure.InnerException as SocketException)?.SocketErrorCode, Is.EqualTo(SocketError.TimedOut));
    }

    [Test]
    public void ClosedMeanwhile_FailsAndIsNotTriedAgain()
    {
        var listener = ListenPlain();
        var tries = 0;
        Kernel.ConnectFault = () =>
        {
            Interlocked.Increment(ref tries);
            return Errno.Again;
        };
        var recorder = Watch();
        var attempt = ConnectAsync(listener.LocalEndPoint!, null, recorder);
        Completes(Testing.Eventually.Get(() => tries > 0 ? recorder.Channel : null, "it was tried").CloseAsync());
        Fails<ClosedChannelException>(attempt);
        var before = tries;
        Testing.Eventually.Stays(() => tries == before, "nobody tries again", TimeSpan.FromMilliseconds(50));
    }
}
