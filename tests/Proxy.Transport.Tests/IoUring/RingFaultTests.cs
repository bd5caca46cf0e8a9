using NUnit.Framework;
using Proxy.Transport.IoUring;
using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.Tests.IoUring;

/// <summary>What a ring does when io_uring_enter fails.</summary>
[TestFixtureSource(typeof(RingVariant), nameof(RingVariant.Best))]
public sealed class RingFaultTests(string variant)
{
    private const int Eintr = 4;
    private const int Ebadf = 9;
    private const int Eagain = 11;
    private const int Ebusy = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private FaultyRing _ring = null!;

    [SetUp]
    public void MakeRing() => _ring = new FaultyRing(features: RingVariant.Features(variant));

    [TearDown]
    public void DisposeRing() => _ring.Dispose();

    [TestCase(Eintr)]
    [TestCase(Eagain)]
    [TestCase(Ebusy)]
    public void PassingError_NextEnterSubmits(int error)
    {
        _ring.Fault = () => error;
        Queue(1);
        _ring.Enter(1, Patience);
        Assert.That(_ring.TryTake(out _), Is.False);

        _ring.Fault = null;
        _ring.Enter(1, Patience);

        Assert.That(_ring.TakeAll(), Is.EqualTo(new[] { 0 }));
    }

    [Test]
    public void OtherError_Throws()
    {
        _ring.Fault = () => Ebadf;
        Queue(1);

        Assert.That(() => _ring.Enter(1, Patience), Throws.TypeOf<IoUringException>().With.Property("Error").EqualTo(Ebadf));
    }

    [Test]
    public void BatchTakenInParts_AllCompleteInOrder()
    {
        Queue(6);
        _ring.Fault = () => -2;
        _ring.Enter(0, TimeSpan.Zero);
        Assert.That(_ring.Queued, Is.EqualTo(4));

        _ring.Enter(0, TimeSpan.Zero);
        _ring.Enter(0, TimeSpan.Zero);

        Assert.That(_ring.TakeAll(), Is.EqualTo(Enumerable.Range(0, 6)));
    }

    [Test]
    public void QueueFullAndKernelTakesNothing_OperationsWait()
    {
        _ring.Fault = () => Eagain;
        Queue(20);
        Assert.That(_ring.Queued, Is.EqualTo(20));

        _ring.Fault = null;
        var taken = new List<int>();
        for (var turn = 0; turn < 3; turn++)
        {
            _ring.Enter(0, TimeSpan.Zero);
            taken.AddRange(_ring.TakeAll());
        }

        Assert.That(taken, Is.EqualTo(Enumerable.Range(0, 20)));
    }

    [Test]
    public void NumberOfAnOperationThatWaits_IsConsumedInItsTurn()
    {
        _ring.Fault = () => Eagain;
        var numbers = Queue(20);
        _ring.Fault = null;
        _ring.Enter(0, TimeSpan.Zero);

        Assert.That(numbers.Select(_ring.Consumed), Is.EqualTo(Enumerable.Range(0, 20).Select(i => i < 8)));
    }

    [Test]
    public void NothingToDo_NoSystemCall()
    {
        _ring.Enter(0, TimeSpan.Zero);

        Assert.That(_ring.Calls, Is.Zero);
    }

    private List<uint> Queue(int count) => [.. Enumerable.Range(0, count)
        .Select(i => _ring.Queue(new SubmissionEntry { Operation = RingOperation.Nop, UserData = (ulong)i }))];
}
