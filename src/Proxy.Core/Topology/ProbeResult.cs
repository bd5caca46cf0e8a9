namespace Proxy.Core.Topology;

/// <summary>What a server said on a control connection.</summary>
/// <param name="Ok">It took our password and answered PING.</param>
/// <param name="Reason">Why not; empty when it did.</param>
/// <param name="Version">Its <c>redis_version</c>, when it told.</param>
internal sealed record ProbeResult(bool Ok, string Reason, string? Version)
{
    /// <summary>A server that cannot be used, and why.</summary>
    public static ProbeResult Failed(string reason) => new(false, reason, null);
}
