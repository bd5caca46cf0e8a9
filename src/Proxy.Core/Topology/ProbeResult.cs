using Proxy.Resp.Commands.Learnt;

namespace Proxy.Core.Topology;

/// <summary>What a server said on a control connection.</summary>
/// <param name="Ok">It took our password and answered PING.</param>
/// <param name="Reason">Why not; empty when it did.</param>
/// <param name="Facts">What it told about itself; null when it told nothing.</param>
internal sealed record ProbeResult(bool Ok, string Reason, ServerFacts? Facts)
{
    /// <summary>The commands that it has beside those that everybody knows; null when it did not tell.</summary>
    public CommandReport? Commands { get; init; }

    /// <summary>A server that cannot be used, and why.</summary>
    public static ProbeResult Failed(string reason) => new(false, reason, null);
}
