using DotNetty.Common;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;

namespace Proxy.Transport.Loops;

/// <summary>
/// One thread that, turn by turn, waits for its channels and handles what is ready, runs the timers that are due and the tasks in the order in
/// which they came. It knows its channels: a shutdown closes those that are still open, listeners too, and runs what follows from that
/// before the thread ends. What "waits" means is the transport's.
/// </summary>
/// <remarks>
/// DotNetty's own loop loses tasks that come while it ends, spins for ever if one comes between two of its checks, and its shutdown hooks
/// wait for an empty queue, which a busy loop never has. Here a task is either run or rejected.
/// </remarks>
internal abstract class TransportEventLoop : AbstractScheduledEventExecutor, IEventLoop
{
    // Between two looks at what is no longer needed.
    private const int TrimMs = 1000;

    // Tasks of a turn, so that tasks that make tasks do not keep the channels waiting.
    private const int TasksPerTurn = 256;

    private readonly LoopTasks _tasks;
    private readonly LoopChannels _channels = new();
    private readonly TaskCompletionSource<int> _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private readonly FailurePause _failures = new();
    private LoopShutdown? _shutdown;
    private long _trimmedMs;
    private int _operations;

    /// <param name="parent">The group.</param>
    /// <param name="threadName">Shown by tools such as top and gdb.</param>
    protected TransportEventLoop(IEventLoopGroup parent, string threadName)
        : base(parent)
    {
        _tasks = new LoopTasks(WakeUp);
        _thread = new Thread(RunThread) { IsBackground = true, Name = threadName };
    }

    /// <inheritdoc/>
    public new IEventLoopGroup Parent => (IEventLoopGroup)base.Parent;

    /// <inheritdoc/>
    public new IEnumerable<IEventLoop> Items => [this];

    /// <inheritdoc/>
    public override bool IsShuttingDown => Volatile.Read(ref _shutdown) is not null;

    /// <inheritdoc/>
    public override bool IsShutdown => _tasks.IsClosed;

    /// <inheritdoc/>
    public override bool IsTerminated => _terminated.Task.IsCompleted;

    /// <inheritdoc/>
    public override Task TerminationCompletion => _terminated.Task;

    /// <summary>Accepted connections that live here or are on their way. Any thread.</summary>
    public int Load => _channels.Load;

    /// <summary>Starts the thread and waits until the loop can work.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The system refused what the loop needs.</exception>
    public void Start()
    {
        _thread.Start();
        _opened.Task.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public new IEventLoop GetNext() => this;

    /// <inheritdoc/>
    public Task RegisterAsync(IChannel channel) => _channels.RegisterAsync(channel, this);

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

    /// <summary>The registration of a channel that was added has failed. Loop thread only.</summary>
    public void Forget(IChannel channel) => _channels.Forget(channel);

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
            _tasks.Add(task);
        }
        else if (!_tasks.TryPost(task))
        {
            throw Rejected();
        }
    }

    /// <summary>
    /// Closes all channels, cancels all timers, and ends the thread when no task came for <paramref name="quietPeriod"/> and the system has
    /// given all operations back, at the latest after <paramref name="timeout"/>.
    /// </summary>
    public override Task ShutdownGracefullyAsync(TimeSpan quietPeriod, TimeSpan timeout)
    {
        if (!IsShutdown && Interlocked.CompareExchange(ref _shutdown, new LoopShutdown(quietPeriod, timeout), null) is null)
        {
            _tasks.WakeUp();
        }

        return _terminated.Task;
    }

    /// <summary>Gets ready, on the loop's thread, before the first turn.</summary>
    protected virtual void Open()
    {
    }

    /// <summary>
    /// Waits until something is ready, <see cref="WakeUp"/> is called or the time is over, calls <see cref="Awake"/>, and handles what is ready.
    /// </summary>
    /// <param name="limit">How long to wait; zero: only look; <see cref="Timeout.InfiniteTimeSpan"/>: for as long as it takes.</param>
    /// <remarks>What it throws is logged, and the next turn comes after a pause.</remarks>
    protected abstract void Poll(TimeSpan limit);

    /// <summary>Ends the wait that is going on or about to begin. Called on other threads, once per wait.</summary>
    protected abstract void WakeUp();

    /// <summary>Gives back what a burst needed and the quiet after it does not; called about once a second while the loop turns.</summary>
    protected virtual void Trim() => ReceiveBufferPool.Current.Trim();

    /// <summary>
    /// Gives everything back; the last call, on the loop's thread. Also when <see cref="Open"/> has failed, at whatever point.
    /// </summary>
    protected virtual void Release()
    {
    }

    /// <summary>The wait is over: whoever adds a task from here on need not wake the loop up.</summary>
    protected void Awake() => _tasks.Awake();

    /// <inheritdoc/>
    protected override IEnumerable<IEventExecutor> GetItems() => [this];

    private static RejectedExecutionException Rejected() => new("the event loop has ended");

    // As a task of the loop's own scheduler, so that an await in a handler comes back to the loop. The scheduler runs its first task at once.
    private void RunThread() => Task.Factory.StartNew(
        Run, CancellationToken.None, TaskCreationOptions.None, new ExecutorTaskScheduler(this)).GetAwaiter().GetResult();

    private void Run()
    {
        SetCurrentExecutor(this);
        if (!TryOpen())
        {
            return;
        }

        // The turn is a method of its own: the runtime compiles a loop that never returns only once, and badly.
        while (Volatile.Read(ref _shutdown) is null)
        {
            Turn();
        }

        _channels.Close();
        CancelScheduledTasks();
        while (!_shutdown!.IsOver(RunTasks(), _operations > 0))
        {
            Wait(_shutdown.Patience, ending: true);
        }

        End();
    }

    private bool TryOpen()
    {
        try
        {
            Open();
            _opened.SetResult(0);
            return true;
        }
        catch (Exception failure)
        {
            _tasks.Close();
            Release();
            _terminated.SetResult(0);
            _opened.SetException(failure);
            return false;
        }
    }

    private void Turn()
    {
        Wait(TimeToNextTimer(), ending: false);
        RunTimers();
        RunTasks();
        if (Environment.TickCount64 - _trimmedMs >= TrimMs)
        {
            _trimmedMs = Environment.TickCount64;
            Trim();
        }
    }

    private void Wait(TimeSpan limit, bool ending)
    {
        // First tell, then look.
        _tasks.Sleep();
        if (!_tasks.IsEmpty || (!ending && IsShuttingDown))
        {
            limit = TimeSpan.Zero;
        }

        try
        {
            Poll(limit);
            _failures.Succeeded();
        }
        catch (Exception failure)
        {
            _failures.Failed(failure);
        }
    }

    private void RunTimers()
    {
        // Those due now: a timer that sets itself again for at once does not keep the channels waiting.
        var now = GetNanos();
        while (PollScheduledTask(now) is { } timer)
        {
            SafeExecute(timer);
        }
    }

    /// <returns>False if there were none.</returns>
    private bool RunTasks()
    {
        var count = 0;
        while (count < TasksPerTurn && _tasks.TryTake(out var task))
        {
            SafeExecute(task);
            count++;
        }

        return count > 0;
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

    /// <summary>Rejects what comes from here on and runs what was accepted.</summary>
    private void End()
    {
        _tasks.Close();
        RunLastTasks();
        CancelScheduledTasks();
        Release();
        _terminated.SetResult(0);
    }

    /// <summary>What was accepted, and what that puts into the queue; not for ever, as a task may put itself back each time.</summary>
    private void RunLastTasks()
    {
        for (var generation = 0; generation < 8; generation++)
        {
            for (var left = _tasks.Count; left > 0 && _tasks.TryTake(out var task); left--)
            {
                SafeExecute(task);
            }
        }
    }
}
