using NUnit.Framework;
using Proxy.Core.Backends;
using Proxy.Core.Model;

namespace Proxy.Core.Tests.Backends;

public sealed class ReconnectBackoffTests
{
    private static readonly ReconnectBackoffModel Model = new(50, 1000);

    [Test]
    public void FirstWait_IsBetweenHalfTheMinimumAndTheMinimum()
    {
        var wait = new ReconnectBackoff().Next(Model).TotalMilliseconds;

        Assert.That(wait, Is.InRange(25, 50));
    }

    [Test]
    public void LaterWaits_StayBelowTheMaximum()
    {
        var backoff = new ReconnectBackoff();

        var waits = Enumerable.Range(0, 100).Select(_ => backoff.Next(Model).TotalMilliseconds).ToArray();

        Assert.That(waits.Max(), Is.LessThanOrEqualTo(1000));
        Assert.That(waits[^1], Is.GreaterThanOrEqualTo(500));
    }

    [Test]
    public void WaitsOfOneStep_Differ()
    {
        var waits = Enumerable.Range(0, 50).Select(_ => new ReconnectBackoff().Next(Model)).Distinct();

        Assert.That(waits.Count(), Is.GreaterThan(10));
    }

    [Test]
    public void GoodConnection_StartsAnew()
    {
        var backoff = new ReconnectBackoff();
        backoff.Next(Model);

        backoff.Reset();

        Assert.That(backoff.IsFresh, Is.True);
    }
}
