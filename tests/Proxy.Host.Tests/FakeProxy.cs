using Proxy.Core;
using Proxy.Core.Metrics;
using Proxy.Core.Model;

namespace Proxy.Host.Tests;

/// <summary>A proxy that serves nobody and shows what a test makes up.</summary>
internal sealed class FakeProxy : IProxy, IStatisticsSource, IWorkerHealth
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IStatisticsSource Statistics => this;

    public IWorkerHealth Health => this;

    public DateTimeOffset StartTime { get; set; } = DateTimeOffset.UtcNow.AddSeconds(-90);

    public string Transport { get; set; } = "epoll";

    public IReadOnlyList<int> ClientsByWorker { get; set; } = [3, 5];

    public IReadOnlyList<long> AllocatedBytesByWorker { get; set; } = [1000, 2000];

    public long TotalConnections { get; set; } = 129;

    public long CurrentConnections { get; set; } = 14;

    public IReadOnlyList<string> CommandNames { get; set; } = ["get", "set", "client|setname"];

    public List<PoolStatistics> PoolList { get; set; } = [];

    public List<TimeSpan> Silences { get; } = [];

    public int WorkerCount => Silences.Count;

    public ProxyStartException? StartFailure { get; set; }

    public Func<ProxyModel, ReloadSummary> OnReload { get; set; } = _ => new ReloadSummary([], [], [], []);

    public List<ProxyModel> Reloaded { get; } = [];

    public bool IsStarted { get; private set; }

    public TimeSpan? DrainTimeout { get; private set; }

    public bool IsDisposed { get; private set; }

    public IReadOnlyList<PoolStatistics> Pools() => PoolList;

    public TimeSpan SinceBeat(int worker) => Silences[worker];

    public void FinishDraining() => _drained.TrySetResult();

    public Task StartAsync()
    {
        IsStarted = true;
        return StartFailure == null ? Task.CompletedTask : Task.FromException(StartFailure);
    }

    public Task<ReloadSummary> ReloadAsync(ProxyModel model)
    {
        Reloaded.Add(model);
        return Task.Run(() => OnReload(model));
    }

    public Task DrainAsync(TimeSpan timeout)
    {
        DrainTimeout = timeout;
        return _drained.Task;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
