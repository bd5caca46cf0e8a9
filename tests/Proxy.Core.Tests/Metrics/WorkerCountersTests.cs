using NUnit.Framework;
using Proxy.Core.Metrics;
using Proxy.Testing;

namespace Proxy.Core.Tests.Metrics;

[TestFixture]
internal sealed class WorkerCountersTests
{
    [Test]
    public void OpenedSockets_LessClosedOnes_AreOpen()
    {
        var counters = new WorkerCounters();
        counters.ConnectionOpened();
        counters.ConnectionOpened();
        counters.ConnectionClosed();

        Assert.That((counters.ConnectionsOpened, counters.ConnectionsOpen), Is.EqualTo((2L, 1L)));
    }

    [Test]
    public void Beat_MakesTheSilenceShortAgain()
    {
        var counters = new WorkerCounters();
        Eventually.True(() => counters.SinceBeat > TimeSpan.FromMilliseconds(200), "some silence");

        counters.Beat();

        Assert.That(counters.SinceBeat, Is.LessThan(TimeSpan.FromMilliseconds(200)));
    }
}
