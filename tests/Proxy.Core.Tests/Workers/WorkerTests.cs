using NUnit.Framework;
using Proxy.Core.Workers;

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

    private sealed class Recorder(string name, List<string> order, Action? then = null) : IFlushable
    {
        public void Flush()
        {
            order.Add(name);
            then?.Invoke();
        }
    }
}
