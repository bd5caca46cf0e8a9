using System.Diagnostics;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Proxy.Core.Metrics;

namespace Proxy.Core.Workers;

/// <summary>
/// What belongs to one event loop: its blocks, its clock, its timers and its dirty lists. A client and the backend connections
/// it uses live on one worker, so nothing here is locked and every member is called on the loop unless it says otherwise.
/// </summary>
/// <remarks>
/// Writing is deferred: a connection that gathered bytes marks itself dirty, and the worker puts itself on the loop once per
/// turn. When it runs, everything that was read in this turn has been handled, and each dirty channel is written once: servers
/// first, so that they work while the clients are being written to.
/// </remarks>
internal sealed class Worker : IRunnable
{
    /// <summary>Resolution of request deadlines.</summary>
    public const int TickMs = 10;

    /// <summary>Deadlines are looked at at least so often, whatever they were: a reload may have made them shorter.</summary>
    private const int MaxTickMs = 1000;

    /// <summary>Resolution of idle and stall timeouts, trimming and the heartbeat.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly List<ITicking> _ticking = [];
    private readonly List<Action<long>> _sweeps = [];
    private readonly TickTask _tickTask;
    private readonly SweepTask _sweepTask;
    private List<IFlushable> _dirtyServers = [];
    private List<IFlushable> _dirtyClients = [];
    private List<IFlushable> _flushing = [];
    private bool _scheduled;
    private IScheduledTask? _tickTimer;
    private long _nextTickMs = long.MaxValue;

    /// <param name="index">0 to the number of workers less one; the place of its counters.</param>
    /// <param name="loop">Its event loop.</param>
    /// <param name="memory">The budget that all workers share.</param>
    public Worker(int index, IEventLoop loop, MemoryBudget memory)
    {
        Index = index;
        Loop = loop;
        Memory = memory;
        Blocks = new BlockPool(loop, memory);
        Computations = new Computations(this);
        _tickTask = new TickTask(this);
        _sweepTask = new SweepTask(this);
        RefreshClock();
    }

    /// <summary>0 to the number of workers less one.</summary>
    public int Index { get; }

    /// <summary>The loop; <see cref="IExecutor.Execute(IRunnable)"/> is the way in from other threads.</summary>
    public IEventLoop Loop { get; }

    /// <summary>The buffers of this worker.</summary>
    public BlockPool Blocks { get; }

    /// <summary>What would take the loop too long.</summary>
    public Computations Computations { get; }

    /// <summary>The way of bytes into channels.</summary>
    public ChannelWriter Writer { get; } = new();

    /// <summary>What all workers may hold in buffers.</summary>
    public MemoryBudget Memory { get; }

    /// <summary><see cref="Stopwatch.GetTimestamp"/> when the burst being handled was read: one clock reading per burst, not per request.</summary>
    public long Now { get; private set; }

    /// <summary><see cref="Environment.TickCount64"/> when the burst being handled was read.</summary>
    public long NowMs { get; private set; }

    /// <summary>Where what should never happen is told.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>Sockets and the sign of life.</summary>
    public WorkerCounters Counters { get; } = new();

    /// <summary>How many shared connections left their set or lost their socket so far: the clock by which writes are dated that a client waits for.</summary>
    public long LinksLeft { get; set; }

    /// <summary>Starts the sweep; from any thread, once.</summary>
    public void Start() => Loop.Execute(_sweepTask);

    /// <summary>Reads the clock; called at the start of every burst and tick.</summary>
    public void RefreshClock()
    {
        Now = Stopwatch.GetTimestamp();
        NowMs = Environment.TickCount64;
    }

    /// <summary>Has <paramref name="connection"/> flushed at the end of this turn, before any client. The caller marks it once per turn.</summary>
    public void MarkServer(IFlushable connection)
    {
        _dirtyServers.Add(connection);
        ScheduleFlush();
    }

    /// <summary>Has <paramref name="connection"/> flushed at the end of this turn. The caller marks it once per turn.</summary>
    public void MarkClient(IFlushable connection)
    {
        _dirtyClients.Add(connection);
        ScheduleFlush();
    }

    /// <summary>Has <paramref name="item"/> asked when it is due, and then when it says, until it is done. The caller registers it once.</summary>
    /// <param name="item">What has deadlines.</param>
    /// <param name="dueMs">When it wants to be asked first, in <see cref="Environment.TickCount64"/>.</param>
    public void AddTicking(ITicking item, long dueMs)
    {
        _ticking.Add(item);
        TickBy(dueMs);
    }

    /// <summary>Has <paramref name="sweep"/> called every second with <see cref="Environment.TickCount64"/>.</summary>
    public void AddSweep(Action<long> sweep) => _sweeps.Add(sweep);

    /// <summary>The end of the turn: writes every dirty channel once.</summary>
    public void Run()
    {
        _scheduled = false;
        FlushAll(ref _dirtyServers);
        FlushAll(ref _dirtyClients);
    }

    private void FlushAll(ref List<IFlushable> dirty)
    {
        // What a flush marks anew (a channel that closed under it fails requests of other clients) waits for the next run.
        var batch = dirty;
        dirty = _flushing;
        foreach (var connection in batch)
        {
            try
            {
                connection.Flush();
            }
            catch (Exception bug)
            {
                // One connection's bug must not keep the others of this turn from being written.
                WorkerLog.FlushFailed(Log, bug);
            }
        }

        batch.Clear();
        _flushing = batch;
    }

    private void ScheduleFlush()
    {
        if (!_scheduled)
        {
            _scheduled = true;
            Loop.Execute(this);
        }
    }

    /// <summary>
    /// Sees to it that the next tick comes by then. One timer for all deadlines, set to the first of them: a timer of DotNetty costs
    /// some 250 bytes, which every 10 ms were most of what a worker allocated.
    /// </summary>
    /// <param name="dueMs">In <see cref="Environment.TickCount64"/>.</param>
    public void TickBy(long dueMs)
    {
        dueMs = Math.Clamp(dueMs, NowMs + TickMs, NowMs + MaxTickMs);
        if (dueMs < _nextTickMs)
        {
            _tickTimer?.Cancel();
            _nextTickMs = dueMs;
            _tickTimer = Loop.Schedule(_tickTask, TimeSpan.FromMilliseconds(dueMs - NowMs));
        }
    }

    private void Tick()
    {
        RefreshClock();
        _tickTimer = null;
        _nextTickMs = long.MaxValue;
        var dueMs = long.MaxValue;
        for (var i = _ticking.Count - 1; i >= 0; i--)
        {
            var itemDueMs = TickOne(_ticking[i]);
            if (itemDueMs == long.MaxValue)
            {
                _ticking[i] = _ticking[^1];
                _ticking.RemoveAt(_ticking.Count - 1);
            }

            dueMs = Math.Min(dueMs, itemDueMs);
        }

        if (_ticking.Count > 0)
        {
            TickBy(dueMs);
        }
    }

    private long TickOne(ITicking item)
    {
        try
        {
            return item.Tick(NowMs);
        }
        catch (Exception bug)
        {
            // The deadlines of all others depend on this loop going on.
            WorkerLog.TickFailed(Log, bug);
            return NowMs + TickMs;
        }
    }

    private void Sweep()
    {
        RefreshClock();
        Counters.Beat();
        foreach (var sweep in _sweeps)
        {
            try
            {
                sweep(NowMs);
            }
            catch (Exception bug)
            {
                WorkerLog.TickFailed(Log, bug);
            }
        }

        Blocks.Trim();
        if (!Loop.IsShuttingDown)
        {
            Loop.Schedule(_sweepTask, SweepInterval);
        }
    }

    private sealed class TickTask(Worker worker) : IRunnable
    {
        public void Run() => worker.Tick();
    }

    private sealed class SweepTask(Worker worker) : IRunnable
    {
        public void Run() => worker.Sweep();
    }
}
