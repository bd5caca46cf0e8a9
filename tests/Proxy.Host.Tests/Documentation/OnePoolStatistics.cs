using Proxy.Core.Metrics;
using Proxy.Resp.Commands;

namespace Proxy.Host.Tests.Documentation;

/// <summary>A pool with a server and no traffic, so that every series that is there from the start is there.</summary>
internal sealed class OnePoolStatistics : IStatisticsSource
{
    /// <inheritdoc/>
    public DateTimeOffset StartTime => DateTimeOffset.UnixEpoch;

    /// <inheritdoc/>
    public string Transport => "epoll";

    /// <inheritdoc/>
    public IReadOnlyList<int> ClientsByWorker => [0];

    /// <inheritdoc/>
    public IReadOnlyList<long> AllocatedBytesByWorker => [0];

    /// <inheritdoc/>
    public long TotalConnections => 0;

    /// <inheritdoc/>
    public long CurrentConnections => 0;

    /// <inheritdoc/>
    public IReadOnlyList<string> CommandNames { get; } = [.. CommandTable.All.Select(command => command.Name)];

    /// <inheritdoc/>
    public IReadOnlyList<PoolStatistics> Pools() =>
    [
        new()
        {
            Name = "p",
            Counters = [new PoolCounters(CommandNames.Count)],
            Servers = [new ServerStatistics { Name = "s", Counters = [new ServerCounters()] }],
        },
    ];
}
