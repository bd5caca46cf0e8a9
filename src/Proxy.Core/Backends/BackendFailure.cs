using Proxy.Core.Topology;

namespace Proxy.Core.Backends;

/// <summary>A failure as a value: it travels to every request it concerns and ends as the text of a reply.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Server">Where.</param>
/// <param name="Detail">The server's or the system's own words, where there are any.</param>
internal sealed record BackendFailure(FailureKind Kind, Server Server, string? Detail = null)
{
    /// <summary>For the log.</summary>
    public override string ToString() => Detail is null ? Kind.ToString() : $"{Kind}: {Detail}";
}
