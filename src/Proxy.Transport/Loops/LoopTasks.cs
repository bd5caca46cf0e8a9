using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using DotNetty.Common.Concurrency;

namespace Proxy.Transport.Loops;

/// <summary>
/// The tasks of an event loop, in the order in which they came, and what wakes the loop up for one of another thread: once per wait. A task
/// is either accepted, and then found by the loop, or refused.
/// </summary>
/// <param name="wakeUp">Ends the wait that is going on or about to begin; called on other threads, never after <see cref="Close"/>.</param>
internal sealed class LoopTasks(Action wakeUp)
{
    private readonly ConcurrentQueue<IRunnable> _queue = new();
    private int _sleeping;
    // The count lets the close wait for those who are past the check: what is accepted is run, and the means to wake up are still there.
    private int _entering;
    private volatile bool _closed;

    /// <summary>True if no task is accepted any more.</summary>
    public bool IsClosed => _closed;

    /// <summary>True if there is no task.</summary>
    public bool IsEmpty => _queue.IsEmpty;

    /// <summary>Tasks that wait.</summary>
    public int Count => _queue.Count;

    /// <summary>Takes a task of the loop's own thread, which is not waiting.</summary>
    public void Add(IRunnable task) => _queue.Enqueue(task);

    /// <summary>Takes a task of another thread and wakes the loop up.</summary>
    /// <returns>False if no task is accepted any more.</returns>
    public bool TryPost(IRunnable task)
    {
        Interlocked.Increment(ref _entering);
        var accepted = !_closed;
        if (accepted)
        {
            _queue.Enqueue(task);
            Rouse();
        }

        Interlocked.Decrement(ref _entering);
        return accepted;
    }

    /// <summary>Wakes the loop up without a task. Any thread.</summary>
    public void WakeUp()
    {
        Interlocked.Increment(ref _entering);
        if (!_closed)
        {
            Rouse();
        }

        Interlocked.Decrement(ref _entering);
    }

    /// <summary>Takes the oldest task out. Loop thread only.</summary>
    public bool TryTake([MaybeNullWhen(false)] out IRunnable task) => _queue.TryDequeue(out task);

    /// <summary>
    /// The loop is about to wait. It looks for tasks only after this, as whoever adds one looks at the flag after adding it. A wake-up that
    /// comes too late only shortens the next wait.
    /// </summary>
    public void Sleep() => Interlocked.Exchange(ref _sleeping, 1);

    /// <summary>The wait is over: whoever adds a task from here on need not wake the loop up.</summary>
    public void Awake() => Volatile.Write(ref _sleeping, 0);

    /// <summary>Refuses what comes from here on. What was accepted is there when this returns. Loop thread only.</summary>
    public void Close()
    {
        _closed = true;
        Interlocked.MemoryBarrier();
        while (Volatile.Read(ref _entering) > 0)
        {
            Thread.Yield();
        }
    }

    private void Rouse()
    {
        if (Interlocked.Exchange(ref _sleeping, 0) == 1)
        {
            wakeUp();
        }
    }
}
