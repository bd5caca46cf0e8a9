namespace Proxy.Core.Metrics;

/// <summary>One server of a pool as the running proxy shows it.</summary>
internal sealed record ServerStatistics
{
    /// <summary>The server's effective name (twemproxy's: what stands on the ring).</summary>
    public required string Name { get; init; }

    /// <summary>The counters of each worker. Read while the workers write.</summary>
    public required IReadOnlyList<ServerCounters> Counters { get; init; }

    /// <summary>What the control loop thinks of it now.</summary>
    public ServerState State { get; init; }

    /// <summary>When it was last ejected, in microseconds since 1970 (UTC); 0: never. Stays when it returns.</summary>
    public long EjectedAt { get; init; }

    /// <summary>How often it was ejected.</summary>
    public long Ejections { get; init; }
}
