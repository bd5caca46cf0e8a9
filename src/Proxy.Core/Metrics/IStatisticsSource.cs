namespace Proxy.Core.Metrics;

/// <summary>What the running proxy shows of itself. May be asked by any thread at any time, also before the start and after the end.</summary>
internal interface IStatisticsSource
{
    /// <summary>When the process started to serve.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>The transport in use, by its word in the configuration.</summary>
    public string Transport { get; }

    /// <summary>Clients now, by worker.</summary>
    public IReadOnlyList<int> ClientsByWorker { get; }

    /// <summary>Managed memory that each worker's thread allocated ever, in bytes, up to about a second ago.</summary>
    public IReadOnlyList<long> AllocatedBytesByWorker { get; }

    /// <summary>Connections ever: of clients, to servers, and listening sockets.</summary>
    public long TotalConnections { get; }

    /// <summary>Connections now: of clients, to servers, and listening sockets.</summary>
    public long CurrentConnections { get; }

    /// <summary>Names of the command table's rows: <c>get</c>, <c>client|setname</c>. The index is the one of <see cref="PoolCounters.Requests"/>.</summary>
    public IReadOnlyList<string> CommandNames { get; }

    /// <summary>The pools of the running configuration, in any order, as a list of its own that no later change touches.</summary>
    public IReadOnlyList<PoolStatistics> Pools();
}
