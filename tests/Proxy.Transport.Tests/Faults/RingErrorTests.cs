using NUnit.Framework;
using Proxy.Testing;
using Proxy.Transport.IoUring;
using Proxy.Transport.Native;
using Proxy.Transport.Tests.Contract;
using Proxy.Transport.Tests.IoUring;

namespace Proxy.Transport.Tests.Faults;

/// <summary>A loop whose ring fails for long: it does not spin, runs its tasks, and goes on when the ring does.</summary>
[TestFixtureSource(typeof(RingVariant), nameof(RingVariant.Best))]
public sealed class RingErrorTests(string variant) : TransportFixture(new TransportCase("io_uring", AddressKind.Ipv4))
{
    private int _calls;
    private volatile int _error;

    private protected override ITransport NewTransport()
    {
        _calls = 0;
        _error = 0;
        return new IoUringTransport(
            new IoUringOptions(TimeSpan.Zero, 1),
            RingVariant.Features(variant),
            newRing: features => new FaultyRing(1024, 4096, features)
            {
                Fault = () =>
                {
                    Interlocked.Increment(ref _calls);
                    return _error == 0 ? null : _error;
                },
            });
    }

    [Test]
    public void ErrorLasts_FewCallsAndEverythingGoesOnAfterwards()
    {
        var link = Accept(null, new Recorder { OnRead = (context, buffer) => context.WriteAndFlushAsync(buffer.Retain()) });
        _error = Errno.BadDescriptor;
        var before = Volatile.Read(ref _calls);
        link.Peer.Send("abc"u8);
        var ran = new TaskCompletionSource();
        link.Channel.EventLoop.Execute(ran.SetResult);
        Completes(ran.Task);
        Eventually.LetTimePass(TimeSpan.FromMilliseconds(300));
        Assert.That(Volatile.Read(ref _calls) - before, Is.LessThan(100));

        _error = 0;
        Assert.That(link.Peer.Receive(3), Is.EqualTo("abc"u8.ToArray()));
    }
}
