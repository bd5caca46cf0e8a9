using System.Collections.Concurrent;
using DotNetty.Common;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;

namespace Proxy.Transport.Sockets;

/// <summary>
/// One thread that runs tasks in the order in which they came, and timers when they are due. It knows its channels: a shutdown closes those
/// that are still open, listeners too, and runs what follows from that before the thread ends.
/// </summary>
/// <remarks>
/// DotNetty's own loop loses tasks that come while it ends, spins for ever if one comes between two of its checks, and its shutdown hooks
/// wait for an empty queue, which a busy loop never has. Here a task is either run or rejected.
/// </remarks>
internal sealed class SocketEventLoop : AbstractScheduledEventExecutor, IEventLoop
{
    // Tasks between two looks at the timers.
    private const int TasksPerRound = 256;

    private readonly ConcurrentQueue<IRunnable> _tasks = new();
    private readonly ManualResetEventSlim _wakeUp = new(false, spinCount: 0);
    private readonly HashSet<IChannel> _channels = new(ReferenceEqualityComparer.Instance);
    private readonly TaskCompletionSource<int> _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private LoopShutdown? _shutdown;
    private int _sleeping;
    private int _entering;
    private int _operations;
    private volatile bool _ended;

    /// <summary>Starts the thread.</summary>
    /// <param name="parent">The group.</param>
    /// <param name="threadName">Shown by tools such as top and gdb.</param>
    public SocketEventLoop(IEventLoopGroup parent, string threadName)
        : base(parent)
    {
        _thread = new Thread(Start) { IsBackground = true, Name = threadName };
        _thread.Start();
    }

    /// <inheritdoc/>
    public new IEventLoopGroup Parent => (IEventLoopGroup)base.Parent;

    /// <inheritdoc/>
    public new IEnumerable<IEventLoop> Items => [this];

    /// <inheritdoc/>
    public override bool IsShuttingDown => Volatile.Read(ref _shutdown) is not null;

    /// <inheritdoc/>
    public override bool IsShutdown => _ended;

    /// <inheritdoc/>
    public override bool IsTerminated => _terminated.Task.IsCompleted;

    /// <inheritdoc/>
    public override Task TerminationCompletion => _terminated.Task;

    /// <inheritdoc/>
    public new IEventLoop GetNext() => this;

    /// <inheritdoc/>
    public Task RegisterAsync(IChannel channel) => channel.Unsafe.RegisterAsync(this);

    /// <inheritdoc/>
    public override bool IsInEventLoop(Thread thread) => thread == _thread;

    /// <summary>A channel is being registered. Loop thread only.</summary>
    /// <exception cref="RejectedExecutionException">The loop is ending: nobody would close the channel.</exception>
    public void Add(IChannel channel)
    {
        if (IsShuttingDown)
        {
            throw Rejected();
        }

        _channels.Add(channel);
    }

    /// <summary>A channel is closed. Loop thread only.</summary>
    public void Remove(IChannel channel) => _channels.Remove(channel);

    /// <summary>The system holds an operation, and with it perhaps a buffer, of one of the channels. Loop thread only.</summary>
    public void OperationStarted() => _operations++;

    /// <summary>The system has given an operation back. Loop thread only.</summary>
    public void OperationEnded() => _operations--;

    /// <summary>Puts a task at the end of the queue. Any thread.</summary>
    /// <exception cref="RejectedExecutionException">The loop has ended.</exception>
    public override void Execute(IRunnable task)
    {
        if (InEventLoop)
        {
            _tasks.Enqueue(task);
            return;
        }

        // The count lets the end of the loop wait for those who are past the check: what is accepted is run.
        Interlocked.Increment(ref _entering);
        if (!_ended)
        {
            _tasks.Enqueue(task);
            Interlocked.Decrement(ref _entering);
            WakeUp();
            return;
        }

        Interlocked.Decrement(ref _entering);
        throw Rejected();
    }

    /// <summary>
    /// Closes all channels, cancels all timers, and ends the thread when no task came for <paramref name="quietPeriod"/> and the system has
    /// given all operations back, at the latest after <paramref name="timeout"/>.
    /// </summary>
    public override Task ShutdownGracefullyAsync(TimeSpan quietPeriod, TimeSpan timeout)
    {
        if (Interlocked.CompareExchange(ref _shutdown, new LoopShutdown(quietPeriod, timeout), null) is null)
        {
            WakeUp();
        }

        return _terminated.Task;
    }

    /// <inheritdoc/>
    protected override IEnumerable<IEventExecutor> GetItems() => [this];

    private static RejectedExecutionException Rejected() => new("the event loop has ended");

    // As a task of the loop's own scheduler, so that an await in a handler comes back to the loop. The scheduler runs its first task at once.
    private void Start() => Task.Factory.StartNew(
        Run, CancellationToken.None, TaskCreationOptions.None, new ExecutorTaskScheduler(this)).GetAwaiter().GetResult();

    private void Run()
    {
        SetCurrentExecutor(this);
        while (Volatile.Read(ref _shutdown) is null)
        {
            if (!RunRound())
            {
                Sleep(TimeToNextTimer(), ending: false);
            }
        }

        CloseChannels();
        CancelScheduledTasks();
        while (!_shutdown!.IsOver(RunRound(), _operations > 0))
        {
            if (_tasks.IsEmpty)
            {
                Sleep(_shutdown.Patience, ending: true);
            }
        }

        End();
    }

    /// <summary>Runs the timers that are due and some tasks; false if there were none.</summary>
    private bool RunRound()
    {
        var any = false;
        while (PollScheduledTask() is { } timer)
        {
            SafeExecute(timer);
            any = true;
        }

        for (var count = 0; count < TasksPerRound && _tasks.TryDequeue(out var task); count++)
        {
            SafeExecute(task);
            any = true;
        }

        return any;
    }

    private TimeSpan TimeToNextTimer()
    {
        if (PeekScheduledTask() is not { } timer)
        {
            return Timeout.InfiniteTimeSpan;
        }

        // Rounded up to the whole milliseconds that a wait knows, so that it does not end just before the time.
        var wait = (timer.Deadline - PreciseTimeSpan.FromStart).ToTimeSpan();
        return wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(wait.TotalMilliseconds), int.MaxValue));
    }

    private void Sleep(TimeSpan limit, bool ending)
    {
        // First tell, then look: whoever adds a task looks at the flag after adding it. A wake-up that comes too late only shortens the next sleep.
        Interlocked.Exchange(ref _sleeping, 1);
        if (_tasks.IsEmpty && (ending || !IsShuttingDown))
        {
            _wakeUp.Wait(limit);
            _wakeUp.Reset();
        }

        Interlocked.Exchange(ref _sleeping, 0);
    }

    private void WakeUp()
    {
        if (Interlocked.Exchange(ref _sleeping, 0) == 1)
        {
            _wakeUp.Set();
        }
    }

    private void CloseChannels()
    {
        foreach (var channel in _channels.ToArray())
        {
            channel.Unsafe.CloseAsync();
        }
    }

    /// <summary>Rejects what comes from here on and runs what was accepted.</summary>
    private void End()
    {
        _ended = true;
        Interlocked.MemoryBarrier();
        while (Volatile.Read(ref _entering) > 0)
        {
            Thread.Yield();
        }

        RunLastTasks();
        _terminated.SetResult(0);
    }

    /// <summary>What was accepted, and what that puts into the queue; not for ever, as a task may put itself back each time.</summary>
    private void RunLastTasks()
    {
        for (var generation = 0; generation < 8; generation++)
        {
            for (var left = _tasks.Count; left > 0 && _tasks.TryDequeue(out var task); left--)
            {
                SafeExecute(task);
            }
        }
    }
}
