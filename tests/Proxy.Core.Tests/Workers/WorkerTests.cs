using System.Diagnostics;
using NUnit.Framework;
using Proxy.Core.Workers;
using Proxy.Testing;

namespace Proxy.Core.Tests.Workers;

public sealed class WorkerTests
{
    private readonly List<string> _order = [];
    private TestLoop _loop = null!;
    private Worker _worker = null!;

    [SetUp]
    public void SetUp()
    {
        _order.Clear();
        _loop = new TestLoop();
        _worker = new Worker(0, _loop.Loop, new MemoryBudget(0));
    }

    [Test]
    public void DirtyConnections_AreFlushedAtTheEndOfTheTurnServersFirst()
    {
        _worker.MarkClient(new Recorder("client", _order));
        _worker.MarkServer(new Recorder("server", _order));
        Assert.That(_order, Is.Empty);

        _loop.RunAll();

        Assert.That(_order, Is.EqualTo(new[] { "server", "client" }));
    }

    [Test]
    public void ConnectionMarkedWhileFlushing_IsFlushedToo()
    {
        var late = new Recorder("late", _order);
        _worker.MarkServer(new Recorder("first", _order, () => _worker.MarkServer(late)));

        _loop.RunAll();

        Assert.That(_order, Is.EqualTo(new[] { "first", "late" }));
    }

    [Test]
    public void DueDeadline_IsLookedAt()
    {
        var item = new Deadline(asked => asked == 1 ? Environment.TickCount64 + 20 : long.MaxValue);
        _worker.AddTicking(item, Environment.TickCount64 + 20);

        Eventually.True(() => Asked(item) == 2, "the item was asked twice");
    }

    [Test]
    public void EarlierDeadline_IsNotHeldUpByALaterOne()
    {
        var late = new Deadline(_ => long.MaxValue);
        var early = new Deadline(_ => long.MaxValue);
        _worker.AddTicking(late, Environment.TickCount64 + 900);
        _worker.AddTicking(early, Environment.TickCount64 + 20);

        var watch = Stopwatch.StartNew();
        Eventually.True(() => Asked(early) > 0, "the early item was asked");
        Assert.That(watch.ElapsedMilliseconds, Is.LessThan(800));
    }

    private int Asked(Deadline item)
    {
        _loop.RunAll();
        return item.Asked;
    }

    private sealed class Deadline(Func<int, long> next) : ITicking
    {
        public int Asked { get; private set; }

        public long Tick(long nowMs) => next(++Asked);
    }

    private sealed class Recorder(string name, List<string> order, Action? then = null) : IFlushable
    {
        public void Flush()
        {
            order.Add(name);
            then?.Invoke();
        }
    }
}
