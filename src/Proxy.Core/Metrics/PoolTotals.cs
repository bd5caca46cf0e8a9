namespace Proxy.Core.Metrics;

/// <summary>One pool of a <see cref="ProxyStatistics"/>: sums over all workers.</summary>
/// <param name="Name">The pool's name.</param>
/// <param name="Counters">The sums. Nobody writes them any more.</param>
/// <param name="Servers">Its servers, in twemproxy's order.</param>
internal sealed record PoolTotals(string Name, PoolCounters Counters, IReadOnlyList<ServerTotals> Servers)
{
    /// <summary>How often one of its servers was ejected.</summary>
    public long Ejections => Servers.Sum(server => server.Ejections);
}
