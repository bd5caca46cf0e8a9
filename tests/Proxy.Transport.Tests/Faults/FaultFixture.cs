using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;
using Proxy.Transport.Epoll;
using Proxy.Transport.Tests.Contract;

namespace Proxy.Transport.Tests.Faults;

/// <summary>The contract's fixture over an epoll transport whose system misbehaves as a test tells it.</summary>
public abstract class FaultFixture(AddressKind kind) : TransportFixture(new TransportCase("epoll", kind))
{
    private int _loopsBefore;

    internal FaultySystemCalls Kernel { get; private set; } = null!;

    private protected override ITransport NewTransport()
    {
        _loopsBefore = Descriptors.CountLoops();
        Kernel = new FaultySystemCalls(seed: 17);
        return new EpollTransport(Kernel);
    }

    [TearDown]
    public void BehaveAgain() => Kernel.Plan = new FaultPlan();

    /// <summary>The loops that are there beside the fixture's own group.</summary>
    protected int ForeignLoops() => Descriptors.CountLoops() - _loopsBefore;

    /// <summary>An error number for the first <paramref name="times"/> calls.</summary>
    protected static Func<int> Times(int times, int error)
    {
        var left = times;
        return () => Interlocked.Decrement(ref left) >= 0 ? error : 0;
    }

    private protected Recorder Echo() => new()
    {
        OnRead = (context, buffer) => context.WriteAsync(buffer.Retain()),
        OnReadComplete = context => context.Flush(),
    };

    /// <summary>Writes all of <paramref name="bytes"/> in random pieces.</summary>
    protected void WriteInPieces(IChannel channel, byte[] bytes, Random random)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            var size = Math.Min(random.Next(1, random.Next(1, 30_000)), bytes.Length - sent);
            channel.WriteAsync(Buffer(bytes.AsSpan(sent, size)));
            if (random.Next(3) == 0)
            {
                channel.Flush();
            }

            sent += size;
        }

        channel.Flush();
    }

    private protected static void WaitForEnd(Recorder recorder) =>
        Eventually.True(() => recorder.Saw("unregistered"), "the close is reported");
}
