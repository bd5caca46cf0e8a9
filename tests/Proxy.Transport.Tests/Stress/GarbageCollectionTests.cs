using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;
using Proxy.Transport.Tests.Contract;

namespace Proxy.Transport.Tests.Stress;

/// <summary>
/// Memory that the system reads and writes while the garbage collector moves everything that it may: each byte that comes back, and each
/// that a handler kept, is the right one.
/// </summary>
/// <remarks>
/// <c>DOTNET_GCStress=1</c>, a collection at each allocation, works with the released runtime too, but a test host allocates so often that it does
/// not come to its first test within minutes. The collections of <see cref="Collect"/> stand in for it: they come all the time, on another
/// thread, and compact. <c>DOTNET_GCgen0size=10000</c> (hexadecimal) makes the smallest generation collect 250 times as often besides.
/// </remarks>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.EachTransport))]
public sealed class GarbageCollectionTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [TestCase(1)]
    [TestCase(20, Category = "Long")]
    public void CollectedAndCompactedAllTheTime_EveryByteIsRight(int seconds)
    {
        var listener = Listen(
            () => [new KeepingEcho()],
            b => Unpromised(b.ChildOption(ChannelOption.SoSndbuf, 64 * 1024), Transport.UnpromisedWrites));
        var clients = Enumerable.Range(0, 16).Select(number => new StressClient(Allocator, number)).ToArray();
        using var stop = new CancellationTokenSource();
        var collecting = Task.Run(() => Collect(stop.Token));
        try
        {
            foreach (var client in clients)
            {
                Result(ConnectAsync(listener.LocalAddress, null, client));
            }

            // The load runs for so long.
            Eventually.LetTimePass(TimeSpan.FromSeconds(seconds));
            foreach (var client in clients)
            {
                client.Finish();
            }

            Eventually.True(() => clients.All(client => client.IsDone), "everything came back", TimeSpan.FromSeconds(30));
        }
        finally
        {
            stop.Cancel();
        }

        Assert.That(Result(collecting), Is.GreaterThan(5), "collections");
        Assert.That(clients.Select(client => client.Wrong), Is.All.Null);
        Assert.That(clients.Select(client => client.Received), Is.All.GreaterThan(0));
    }

    private static int Collect(CancellationToken stop)
    {
        var collections = 0;
        var moved = new List<byte[]>();
        while (!stop.IsCancellationRequested)
        {
            // Holes, so that there is something to compact.
            moved.Add(new byte[1000]);
            _ = new byte[5000];
            if (moved.Count > 1000)
            {
                moved.RemoveRange(0, 500);
            }

            GC.Collect(collections % 3, GCCollectionMode.Forced, blocking: true, compacting: true);
            collections++;

            // Without it nothing else ever gets to run.
            Eventually.LetTimePass(TimeSpan.FromMilliseconds(1));
        }

        return collections;
    }

    private static void Unpromised(DotNetty.Transport.Bootstrapping.ServerBootstrap bootstrap, ChannelOption<bool>? option)
    {
        if (option is not null)
        {
            bootstrap.ChildOption(option, true);
        }
    }
}
