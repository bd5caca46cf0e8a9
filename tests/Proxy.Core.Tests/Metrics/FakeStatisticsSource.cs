using Proxy.Core.Metrics;

namespace Proxy.Core.Tests.Metrics;

/// <summary>Statistics of a proxy that a test makes up.</summary>
internal sealed class FakeStatisticsSource : IStatisticsSource
{
    public DateTimeOffset StartTime { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Transport { get; set; } = "epoll";

    public IReadOnlyList<int> ClientsByWorker { get; set; } = [0];

    public IReadOnlyList<long> AllocatedBytesByWorker { get; set; } = [0];

    public long TotalConnections { get; set; }

    public long CurrentConnections { get; set; }

    public IReadOnlyList<string> CommandNames { get; set; } = ["get", "set"];

    public List<PoolStatistics> PoolList { get; } = [];

    public IReadOnlyList<PoolStatistics> Pools() => PoolList;
}
