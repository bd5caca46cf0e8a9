using System.Diagnostics;
using NUnit.Framework;
using Proxy.Transport.IoUring;
using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.Tests.IoUring;

[TestFixtureSource(typeof(RingVariant), nameof(RingVariant.Names))]
public sealed class IoUringRingTests(string variant)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private IoUringRing _ring = null!;

    [SetUp]
    public void MakeRing() => _ring = new IoUringRing(RingVariant.Features(variant), 8, 16);

    [TearDown]
    public void DisposeRing() => _ring.Dispose();

    [Test]
    public void Nop_Completes()
    {
        _ring.Queue(new SubmissionEntry { Operation = RingOperation.Nop, UserData = 42 });
        _ring.Enter(1, Patience);

        Assert.That(_ring.TryTake(out var completion), Is.True);
        Assert.That((completion.UserData, completion.Result), Is.EqualTo((42ul, 0)));
        Assert.That(_ring.TryTake(out _), Is.False);
    }

    [Test]
    public void Nop_IsConsumedByEnterOnly()
    {
        var number = _ring.Queue(new SubmissionEntry { Operation = RingOperation.Nop });
        Assert.That(_ring.Consumed(number), Is.False);

        _ring.Enter(0, TimeSpan.Zero);

        Assert.That(_ring.Consumed(number), Is.True);
        Assert.That(_ring.Queued, Is.Zero);
    }

    [Test]
    public void MoreOperationsThanTheQueueHolds_AllComplete()
    {
        for (var i = 0; i < 12; i++)
        {
            _ring.Queue(new SubmissionEntry { Operation = RingOperation.Nop, UserData = (ulong)i });
        }

        _ring.Enter(12, Patience);

        Assert.That(_ring.TakeAll(), Is.EquivalentTo(Enumerable.Range(0, 12)));
    }

    [Test]
    public void MoreCompletionsThanTheQueueHolds_NoneIsLost()
    {
        for (var i = 0; i < 500; i++)
        {
            _ring.Queue(new SubmissionEntry { Operation = RingOperation.Nop, UserData = (ulong)i });
        }

        _ring.Enter(1, Patience);
        var taken = _ring.TakeAll();
        var clock = Stopwatch.StartNew();
        while (taken.Count < 500 && clock.Elapsed < Patience)
        {
            _ring.Enter(0, TimeSpan.Zero);
            taken.AddRange(_ring.TakeAll());
        }

        Assert.That(taken, Is.EquivalentTo(Enumerable.Range(0, 500)));
        Assert.That(_ring.Overflowed, Is.False);
    }

    [Test]
    public void NothingHappens_WaitEndsWithItsTime()
    {
        var clock = Stopwatch.StartNew();
        _ring.Enter(1, TimeSpan.FromMilliseconds(30));

        Assert.That(clock.Elapsed, Is.InRange(TimeSpan.FromMilliseconds(29), Patience));
        Assert.That(_ring.Available, Is.Zero);
    }

    [Test]
    public void Peek_ShowsWithoutTaking()
    {
        _ring.Queue(new SubmissionEntry { Operation = RingOperation.Nop, UserData = 1 });
        _ring.Queue(new SubmissionEntry { Operation = RingOperation.Nop, UserData = 2 });
        _ring.Enter(2, Patience);

        Assert.That(_ring.Available, Is.EqualTo(2));
        Assert.That(_ring.Peek(1).UserData, Is.EqualTo(2));
        Assert.That(_ring.TakeAll(), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void DisposedRing_LeavesNoDescriptor()
    {
        var descriptor = _ring.Descriptor;
        Assert.That(IsRing(descriptor), Is.True);

        _ring.Dispose();

        Assert.That(IsRing(descriptor), Is.False);
    }

    private static bool IsRing(int descriptor) =>
        new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget?.Contains("io_uring", StringComparison.Ordinal) == true;
}
