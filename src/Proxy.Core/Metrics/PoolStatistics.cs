namespace Proxy.Core.Metrics;

/// <summary>One pool as the running proxy shows it.</summary>
internal sealed record PoolStatistics
{
    /// <summary>The pool's name.</summary>
    public required string Name { get; init; }

    /// <summary>The counters of each worker. Read while the workers write.</summary>
    public required IReadOnlyList<PoolCounters> Counters { get; init; }

    /// <summary>The pool's servers, in any order.</summary>
    public required IReadOnlyList<ServerStatistics> Servers { get; init; }
}
