using NUnit.Framework;
using Proxy.Core.Topology;

namespace Proxy.Core.Tests.Topology;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PoolInquiryTests
{
    private readonly PoolInquiry _inquiry = new();
    private int _asked;

    [TestCase(1, 999, 1)]
    [TestCase(1, 1_000, 2)]
    [TestCase(101, 5_999, 1)]
    [TestCase(101, 6_000, 2)]
    public async Task Servers_AskedAgainAfterAWhile(int servers, long laterMs, int asked)
    {
        await _inquiry.Begin(100_000, servers, Ask);

        await _inquiry.Begin(100_000 + laterMs, servers, Ask);

        Assert.That(_asked, Is.EqualTo(asked));
    }

    [Test]
    public async Task ServersThatWereAskedForAnotherReason_NotAskedAgainAtOnce()
    {
        _inquiry.Note(100_000);

        await _inquiry.Begin(100_500, servers: 1, Ask);

        Assert.That(_asked, Is.Zero);
    }

    [Test]
    public async Task ServersThatDoNotAnswer_WaitedForOnlySoLong()
    {
        var never = new TaskCompletionSource();
        var first = _inquiry.Begin(100_000, servers: 1, () => never.Task);

        var second = _inquiry.Begin(200_000, servers: 1, Ask);

        Assert.That(second, Is.SameAs(first), "they are being asked");
        await first.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(_asked, Is.Zero);
    }

    [Test]
    public async Task ClientThatHasWaitedForServersThatDoNotAnswer_IsNotHeldAgain()
    {
        var never = new TaskCompletionSource();
        await _inquiry.Begin(100_000, servers: 1, () => never.Task).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(_inquiry.Begin(101_500, servers: 1, () => never.Task).IsCompleted);
    }

    private Task Ask()
    {
        Interlocked.Increment(ref _asked);
        return Task.CompletedTask;
    }
}
