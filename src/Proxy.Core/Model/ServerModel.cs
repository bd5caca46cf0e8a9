namespace Proxy.Core.Model;

/// <summary>One Redis server of a pool.</summary>
internal sealed record ServerModel
{
    /// <summary>
    /// twemproxy's effective name: the given name, else <c>host:port</c> as written, else <c>host</c> alone on port 11211, else
    /// <c>/path:</c> for a Unix socket. The continuum is made of these names.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Where it listens.</summary>
    public required AddressModel Address { get; init; }

    /// <summary>Its share of the keys relative to the other servers of the pool, at least 1.</summary>
    public int Weight { get; init; } = 1;
}
