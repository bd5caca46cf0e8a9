namespace Proxy.Core.Metrics;

/// <summary>One server of a <see cref="PoolTotals"/>: sums over all workers.</summary>
/// <param name="Name">The server's effective name.</param>
/// <param name="Counters">The sums. Nobody writes them any more.</param>
/// <param name="State">What the control loop thinks of it.</param>
/// <param name="EjectedAt">When it was last ejected, in microseconds since 1970 (UTC); 0: never.</param>
/// <param name="Ejections">How often it was ejected.</param>
internal sealed record ServerTotals(string Name, ServerCounters Counters, ServerState State, long EjectedAt, long Ejections);
