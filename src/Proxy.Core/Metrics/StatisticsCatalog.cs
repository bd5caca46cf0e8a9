namespace Proxy.Core.Metrics;

/// <summary>
/// twemproxy's statistics: the names under which monitoring systems know them, what they mean, and how they follow from the counters.
/// The one place where they stand; the JSON document and <c>--describe-stats</c> are made from it.
/// </summary>
internal static class StatisticsCatalog
{
    /// <summary>Statistics of a pool, in twemproxy's order.</summary>
    public static readonly IReadOnlyList<Statistic<PoolTotals>> Pool =
    [
        new("client_eof", "# eof on client connections", pool => ClosedByClient(pool.Counters)),
        new("client_err", "# errors on client connections", pool => ClosedByError(pool.Counters)),
        new("client_connections", "# active client connections", pool => pool.Counters.ClientConnections),
        new("server_ejects", "# times backend server was ejected", pool => pool.Ejections),
        new("forward_error", "# times we encountered a forwarding error", pool => pool.Counters.ForwardErrors),
        new("fragments", "# fragments created from a multi-vector request", pool => pool.Counters.Fragments),
    ];

    /// <summary>Statistics of a server, in twemproxy's order.</summary>
    public static readonly IReadOnlyList<Statistic<ServerTotals>> Server =
    [
        new("server_eof", "# eof on server connections", server => server.Counters.Closes[ServerCloseReason.Eof]),
        new("server_err", "# errors on server connections", server => Errors(server.Counters)),
        new("server_timedout", "# timeouts on server connections", server => Timeouts(server.Counters)),
        new("server_connections", "# active server connections", server => server.Counters.Connections),
        new("server_ejected_at", "timestamp when server was ejected in usec since epoch", server => server.EjectedAt),
        new("requests", "# requests", server => server.Counters.Requests),
        new("request_bytes", "total request bytes", server => server.Counters.RequestBytes),
        new("responses", "# responses", server => server.Counters.Responses),
        new("response_bytes", "total response bytes", server => server.Counters.ResponseBytes),
        new("in_queue", "# requests in incoming queue", server => server.Counters.InQueue),
        new("in_queue_bytes", "current request bytes in incoming queue", server => server.Counters.InQueueBytes),
        new("out_queue", "# requests in outgoing queue", server => server.Counters.OutQueue),
        new("out_queue_bytes", "current request bytes in outgoing queue", server => server.Counters.OutQueueBytes),
    ];

    /// <summary>Writes all names with their descriptions, in the form of <c>nutcracker --describe-stats</c>.</summary>
    public static void Describe(TextWriter output)
    {
        output.WriteLine("pool stats:");
        Describe(output, Pool);
        output.WriteLine();
        output.WriteLine("server stats:");
        Describe(output, Server);
    }

    private static void Describe<TSubject>(TextWriter output, IReadOnlyList<Statistic<TSubject>> statistics)
    {
        foreach (var statistic in statistics)
        {
            output.WriteLine($"  {statistic.Name,-18}  \"{statistic.Description}\"");
        }
    }

    private static long ClosedByClient(PoolCounters pool) => pool.ClientsClosed[ClientCloseReason.Eof] + pool.ClientsClosed[ClientCloseReason.Quit];

    // What the operator did, shutting down or removing the pool, is no error.
    private static long ClosedByError(PoolCounters pool) =>
        pool.ClientsClosed.Sum() - ClosedByClient(pool) - pool.ClientsClosed[ClientCloseReason.Drain] - pool.ClientsClosed[ClientCloseReason.Removed];

    private static long Errors(ServerCounters server) =>
        server.Closes[ServerCloseReason.Reset] + server.Closes[ServerCloseReason.Protocol] + server.Closes[ServerCloseReason.Error]
        + server.ConnectFailures.Sum() - server.ConnectFailures[ServerConnectFailure.Timeout];

    // A request that is late does not close its connection here, so late requests stand for the connections that twemproxy closes because of them.
    private static long Timeouts(ServerCounters server) =>
        server.Timeouts + server.Closes[ServerCloseReason.Timeout] + server.ConnectFailures[ServerConnectFailure.Timeout];
}
