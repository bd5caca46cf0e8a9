using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Testing;
using Proxy.Transport.IoUring;
using Proxy.Transport.Native;
using Proxy.Transport.Tests.Contract;
using Proxy.Transport.Tests.IoUring;

namespace Proxy.Transport.Tests.Faults;

/// <summary>Loops over io_uring for which the system has no event to wake them up with.</summary>
[TestFixtureSource(typeof(RingVariant), nameof(RingVariant.Best))]
public sealed class WakeUpFaultTests(string variant)
{
    [Test]
    public void NoDescriptorForALoop_NoGroupAndNothingIsLeft([Values(0, 1, 3)] int before)
    {
        var calls = 0;
        var kernel = new FaultySystemCalls(seed: 1)
        {
            EventFault = () => Interlocked.Increment(ref calls) == before + 1 ? Errno.TooManyFiles : 0,
        };
        var transport = new IoUringTransport(new IoUringOptions(TimeSpan.Zero, 1), RingVariant.Features(variant), kernel);
        var loops = Descriptors.CountLoops();
        var failure = Assert.Catch<SocketException>(() => transport.NewEventLoopGroup(4));
        Assert.That(failure!.SocketErrorCode, Is.EqualTo(SocketError.TooManyOpenSockets));
        Eventually.Equal(Descriptors.CountLoops, loops, "no ring and no event is left");
    }
}
