namespace Proxy.Core.Metrics;

/// <summary>All statistics at one moment, summed over the workers. Whatever shows statistics shows one of these.</summary>
internal sealed record ProxyStatistics
{
    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When the process started to serve.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>The transport in use, by its word in the configuration.</summary>
    public required string Transport { get; init; }

    /// <summary>Clients now, by worker.</summary>
    public required IReadOnlyList<int> ClientsByWorker { get; init; }

    /// <summary>Managed memory that each worker's thread allocated ever, in bytes, up to about a second ago.</summary>
    public required IReadOnlyList<long> AllocatedBytesByWorker { get; init; }

    /// <summary>Connections ever, with those to servers and the listening sockets.</summary>
    public required long TotalConnections { get; init; }

    /// <summary>Connections now, with those to servers and the listening sockets.</summary>
    public required long CurrentConnections { get; init; }

    /// <summary>Names of the command table's rows.</summary>
    public required IReadOnlyList<string> CommandNames { get; init; }

    /// <summary>The pools, in twemproxy's order.</summary>
    public required IReadOnlyList<PoolTotals> Pools { get; init; }

    /// <summary>How long the process has served; never negative, whatever the clock does.</summary>
    public TimeSpan Uptime => Time > StartTime ? Time - StartTime : TimeSpan.Zero;

    /// <summary>Sums up what the workers counted so far.</summary>
    public static ProxyStatistics Take(IStatisticsSource source, DateTimeOffset now) => new()
    {
        Time = now,
        StartTime = source.StartTime,
        Transport = source.Transport,
        ClientsByWorker = source.ClientsByWorker,
        AllocatedBytesByWorker = source.AllocatedBytesByWorker,
        TotalConnections = source.TotalConnections,
        CurrentConnections = source.CurrentConnections,
        CommandNames = source.CommandNames,
        Pools = [.. source.Pools().Select(pool => Sum(pool, source.CommandNames.Count)).OrderBy(pool => pool.Name, NameOrder.Instance)],
    };

    private static PoolTotals Sum(PoolStatistics pool, int commandCount)
    {
        var sum = new PoolCounters(commandCount);
        foreach (var counters in pool.Counters)
        {
            sum.Add(counters);
        }

        return new PoolTotals(pool.Name, sum, [.. pool.Servers.Select(Sum).OrderBy(server => server.Name, NameOrder.Instance)]);
    }

    private static ServerTotals Sum(ServerStatistics server)
    {
        var sum = new ServerCounters();
        foreach (var counters in server.Counters)
        {
            sum.Add(counters);
        }

        return new ServerTotals(server.Name, sum, server.State, server.EjectedAt, server.Ejections);
    }
}
