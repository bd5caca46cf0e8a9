namespace Proxy.Partitioning;

/// <summary>A point of the ring and the member that owns the hashes up to it.</summary>
internal readonly record struct ContinuumPoint(uint Value, int Member);
