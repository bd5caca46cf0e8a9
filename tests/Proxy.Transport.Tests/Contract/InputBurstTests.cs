using System.Collections.Concurrent;
using NUnit.Framework;
using Proxy.Testing;
using Proxy.Transport.IoUring;

namespace Proxy.Transport.Tests.Contract;

/// <summary>More arrives while the loops are busy than they have buffers for: the kernel runs out of them (ENOBUFS) and goes on.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.EachTransport))]
public sealed class InputBurstTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    private const int Clients = 400;
    private const int BytesEach = 40_000;

    [Test]
    public void MoreAtOnceThanThereAreBuffers_EveryByteArrives()
    {
        var recorders = new ConcurrentQueue<Recorder>();
        var listener = Listen(() =>
        {
            var recorder = Watch();
            recorders.Enqueue(recorder);
            return [recorder];
        });
        var peers = Enumerable.Range(0, Clients).Select(_ => Own(Peer.Connect(listener.LocalAddress))).ToArray();
        Eventually.Equal(() => recorders.Count(recorder => recorder.Saw("active")), Clients, "all are accepted");
        var bytes = RandomBytes(BytesEach);
        using (var go = new ManualResetEventSlim())
        {
            foreach (var loop in Group.Items)
            {
                loop.Execute(go.Wait);
            }

            foreach (var peer in peers)
            {
                peer.Send(bytes);
            }

            go.Set();
            Eventually.True(() => recorders.All(recorder => recorder.ReceivedBytes == BytesEach), "everything arrived");
        }

        Assert.That(recorders.All(recorder => recorder.Received.AsSpan().SequenceEqual(bytes)), Is.True);
        // With DEFER_TASKRUN a call that waits for one completion brings some twenty, and the buffers are filled up before the next.
        Assert.That(
            Group.Items.OfType<IoUringEventLoop>()
                .Where(loop => loop.Features is { DeferTaskrun: false } or { MinimumWait: true })
                .Select(loop => loop.Buffers.Target),
            Is.All.GreaterThan(128),
            "the kernel has run out of the buffers that there were at first");
    }
}
