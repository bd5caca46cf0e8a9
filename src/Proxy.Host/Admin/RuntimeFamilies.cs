using System.Globalization;

namespace Proxy.Host.Admin;

/// <summary>The metrics of the .NET runtime, under the names that they usually have.</summary>
internal sealed class RuntimeFamilies
{
    private readonly CounterFamily _collections;
    private readonly GaugeFamily _memory;
    private readonly GaugeFamily _committed;
    private readonly CounterFamily _allocated;
    private readonly CounterFamily _pause;
    private readonly GaugeFamily _threads;
    private readonly GaugeFamily _queue;
    private readonly CounterFamily _contentions;
    private readonly CounterFamily _exceptions;
    private long _thrown;

    /// <summary>Declares them and begins to count exceptions.</summary>
    public RuntimeFamilies(FamilyFactory make)
    {
        _collections = make.Counter("dotnet_collection_count_total", "Garbage collections, by generation.", "generation");
        _memory = make.Gauge("dotnet_total_memory_bytes", "Managed memory in use.");
        _committed = make.Gauge("dotnet_gc_committed_bytes", "Memory that the garbage collector had committed at the last collection.");
        _allocated = make.Counter("dotnet_gc_allocated_bytes_total", "Managed memory allocated ever, exact to the byte.");
        _pause = make.Counter("dotnet_gc_pause_seconds_total", "How long garbage collections stopped all threads.");
        _threads = make.Gauge("dotnet_threadpool_threads", "Threads of the thread pool; workers are not among them.");
        _queue = make.Gauge("dotnet_threadpool_queue_length", "Work that waits for the thread pool.");
        _contentions = make.Counter("dotnet_lock_contentions_total", "How often a thread had to wait for a lock.");
        _exceptions = make.Counter("dotnet_exceptions_total", "Exceptions thrown.");
        AppDomain.CurrentDomain.FirstChanceException += (_, _) => Interlocked.Increment(ref _thrown);
    }

    /// <summary>Sets all of them.</summary>
    public void Set()
    {
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            _collections.Set(GC.CollectionCount(generation), generation.ToString(CultureInfo.InvariantCulture));
        }

        _memory.Set(GC.GetTotalMemory(forceFullCollection: false));
        _committed.Set(GC.GetGCMemoryInfo().TotalCommittedBytes);
        // Exact, which stops all threads for a moment, since the allocations of a request are a difference of two scrapes.
        _allocated.Set(GC.GetTotalAllocatedBytes(precise: true));
        _pause.Set(GC.GetTotalPauseDuration().TotalSeconds);
        _threads.Set(ThreadPool.ThreadCount);
        _queue.Set(ThreadPool.PendingWorkItemCount);
        _contentions.Set(Monitor.LockContentionCount);
        _exceptions.Set(Volatile.Read(ref _thrown));
    }
}
