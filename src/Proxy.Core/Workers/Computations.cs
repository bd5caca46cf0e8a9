namespace Proxy.Core.Workers;

/// <summary>
/// Does on the thread pool what would take a worker's loop too long, one after the other: so much memory as one takes is taken for each
/// worker, whatever its clients ask. What they are given and make counts against the memory limit. Used on the worker's loop only.
/// </summary>
/// <param name="worker">Whose requests they belong to.</param>
internal sealed class Computations(Worker worker)
{
    private Task _last = Task.CompletedTask;

    /// <summary>What all workers may hold.</summary>
    public MemoryBudget Memory => worker.Memory;

    /// <summary>Begins one, once those before are done.</summary>
    /// <param name="bytes">About how much memory it takes once it runs.</param>
    /// <param name="compute">Run on a thread of the pool.</param>
    /// <param name="complete">Run on the loop afterwards, also if <paramref name="compute"/> threw, which is logged.</param>
    public void Start(long bytes, Action compute, Action complete)
    {
        _last = _last.ContinueWith(_ => Run(bytes, compute), TaskScheduler.Default);
        _last.ContinueWith(done => worker.Loop.Execute(() => End(done.Exception, bytes, complete)), TaskContinuationOptions.ExecuteSynchronously);
    }

    private void Run(long bytes, Action compute)
    {
        worker.Memory.Add(bytes);
        compute();
    }

    private void End(AggregateException? bug, long bytes, Action complete)
    {
        worker.Memory.Add(-bytes);
        if (bug is not null)
        {
            WorkerLog.ComputationFailed(worker.Log, bug.InnerException!);
        }

        worker.RefreshClock();
        complete();
    }
}
