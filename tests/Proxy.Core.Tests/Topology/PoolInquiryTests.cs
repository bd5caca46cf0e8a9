using NUnit.Framework;
using Proxy.Core.Topology;

namespace Proxy.Core.Tests.Topology;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PoolInquiryTests
{
    private readonly PoolInquiry _inquiry = new();
    private int _asked;

    [TestCase(true, 9_999, 1)]
    [TestCase(true, 10_000, 2)]
    [TestCase(false, 999, 1)]
    [TestCase(false, 1_000, 2)]
    public async Task Servers_AskedAgainAfterAWhile(bool isComplete, long laterMs, int asked)
    {
        await _inquiry.Begin(100_000, isComplete, Ask);

        await _inquiry.Begin(100_000 + laterMs, isComplete, Ask);

        Assert.That(_asked, Is.EqualTo(asked));
    }

    [Test]
    public async Task ServersThatWereAskedForAnotherReason_NotAskedAgainAtOnce()
    {
        _inquiry.Note(100_000);

        await _inquiry.Begin(105_000, isComplete: true, Ask);

        Assert.That(_asked, Is.Zero);
    }

    [Test]
    public async Task ServersThatDoNotAnswer_WaitedForOnlySoLong()
    {
        var never = new TaskCompletionSource();
        var first = _inquiry.Begin(100_000, isComplete: true, () => never.Task);

        var second = _inquiry.Begin(200_000, isComplete: true, Ask);

        Assert.That(second, Is.SameAs(first), "they are being asked");
        await first.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(_asked, Is.Zero);
    }

    private Task Ask()
    {
        Interlocked.Increment(ref _asked);
        return Task.CompletedTask;
    }
}
