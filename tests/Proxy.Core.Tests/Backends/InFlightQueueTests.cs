using NUnit.Framework;
using Proxy.Core.Backends;
using Proxy.Testing;

namespace Proxy.Core.Tests.Backends;

public sealed class InFlightQueueTests
{
    [Test]
    public void ManyRequests_LeaveInTheOrderTheyCame()
    {
        var queue = new InFlightQueue();
        var requests = Requests(5000);
        foreach (var request in requests)
        {
            queue.Enqueue(request);
        }

        var left = requests.Select(_ => queue.Dequeue()).ToArray();

        Assert.That(left, Is.EqualTo(requests));
        Assert.That(queue.Count, Is.Zero);
    }

    [Test]
    public void RingThatWrapsAround_KeepsItsOrder()
    {
        var queue = new InFlightQueue();
        var requests = Requests(100);
        var left = new List<InFlight>();
        foreach (var request in requests)
        {
            queue.Enqueue(request);
            if (queue.Count > 9)
            {
                left.Add(queue.Dequeue());
            }
        }

        while (queue.Count > 0)
        {
            left.Add(queue.Dequeue());
        }

        Assert.That(left, Is.EqualTo(requests));
    }

    [TestCase(0, 3)]
    [TestCase(2, 2)]
    [TestCase(5, 5)]
    public void RemovedRange_IsGoneAndTheOthersStay(int index, int count)
    {
        var queue = new InFlightQueue();
        var requests = Requests(10).ToList();
        requests.ForEach(queue.Enqueue);

        queue.RemoveRange(index, count);

        requests.RemoveRange(index, count);
        Assert.That(Enumerable.Range(0, queue.Count).Select(i => queue[i]), Is.EqualTo(requests));
    }

    [Test]
    public void WavesOfThousands_AllocateNothing()
    {
        var queue = new InFlightQueue();
        var requests = Requests(5000);
        Assert.That(
            Allocations.Of(() =>
            {
                foreach (var request in requests)
                {
                    queue.Enqueue(request);
                }

                for (var i = 0; i < requests.Length; i++)
                {
                    queue.Dequeue();
                }
            }),
            Is.Zero);
    }

    [Test]
    public void RequestsBehindALargeBurst_StillComeInTheirOrder()
    {
        var queue = new InFlightQueue();
        Array.ForEach(Requests(20_000), queue.Enqueue);
        while (queue.Count > 0)
        {
            queue.Dequeue();
        }

        var next = Requests(3);
        Array.ForEach(next, queue.Enqueue);

        Assert.That(next.Select(_ => queue.Dequeue()).ToArray(), Is.EqualTo(next));
    }

    private static RecordedRequest[] Requests(int count) => [.. Enumerable.Range(0, count).Select(_ => new RecordedRequest())];
}
