using DotNetty.Common.Concurrency;
using NUnit.Framework;
using Proxy.Transport.Loops;

namespace Proxy.Transport.Tests.Loops;

/// <summary>How often other threads' tasks wake a loop up: each time is a system call of theirs and one of the loop's.</summary>
public sealed class LoopTasksTests
{
    private int _wakeUps;
    private LoopTasks _tasks = null!;

    [SetUp]
    public void Begin()
    {
        _wakeUps = 0;
        _tasks = new LoopTasks(() => Interlocked.Increment(ref _wakeUps));
    }

    [Test]
    public void LoopIsBusy_TasksOfOtherThreadsDoNotWakeItUp()
    {
        _tasks.Sleep();
        _tasks.Awake();
        PostFromThreads(1000);
        Assert.That(_wakeUps, Is.Zero);
        Assert.That(_tasks.Count, Is.EqualTo(1000));
    }

    [Test]
    public void LoopWaits_OneOfManyTasksWakesItUp()
    {
        _tasks.Sleep();
        PostFromThreads(1000);
        Assert.That(_wakeUps, Is.EqualTo(1));
    }

    [Test]
    public void LoopWaitsAgain_IsWokenUpAgain()
    {
        for (var wait = 0; wait < 3; wait++)
        {
            _tasks.Sleep();
            PostFromThreads(100);
            _tasks.Awake();
        }

        Assert.That(_wakeUps, Is.EqualTo(3));
    }

    [Test]
    public void Closed_TaskIsRefusedAndNobodyIsWokenUp()
    {
        _tasks.Sleep();
        _tasks.Close();
        Assert.That(_tasks.TryPost(new Nothing()), Is.False);
        Assert.That(_wakeUps, Is.Zero);
    }

    private void PostFromThreads(int count) => Parallel.For(0, count, _ => _tasks.TryPost(new Nothing()));

    private sealed class Nothing : IRunnable
    {
        public void Run()
        {
        }
    }
}
