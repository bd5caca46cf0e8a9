namespace Proxy.Core.Requests.Administration.Information;

/// <summary>What INFO tells of the proxy in place of a server's own: clients see one standalone master, which they are connected to.</summary>
internal sealed record InfoFacts
{
    /// <summary>False where the pool has one server, whose process and version then stand for the whole.</summary>
    public required bool HasSeveralServers { get; init; }

    /// <summary>Clients of the pool.</summary>
    public required long Clients { get; init; }

    /// <summary>Those of them that wait for the end of a CLIENT PAUSE: servers do not know of them.</summary>
    public required int PausedClients { get; init; }

    /// <summary>How many it takes; 0 for no limit.</summary>
    public required int MaxClients { get; init; }

    /// <summary>The TCP port that clients connect to; 0 for a Unix socket.</summary>
    public required int Port { get; init; }

    /// <summary>The proxy's <c>run_id</c>.</summary>
    public required string RunId { get; init; }

    /// <summary>The section Proxy; null if it is not asked for.</summary>
    public InfoSection? Proxy { get; init; }
}
