namespace Proxy.Core.Configuration;

/// <summary>One entry of <c>servers:</c>. An entry that cannot be read keeps its place in the list, without an address.</summary>
internal sealed record ServerConfig
{
    /// <summary>Where the entry stands.</summary>
    public required Place Place { get; init; }

    /// <summary>The given name; null when there is none.</summary>
    public string? Name { get; init; }

    /// <summary>The name by which the server takes part in the ring, twemproxy's rule; null when the address cannot be read.</summary>
    public string? EffectiveName { get; init; }

    /// <summary>Where the server listens; null when it cannot be read.</summary>
    public AddressConfig? Address { get; init; }

    /// <summary>The weight, at least 1.</summary>
    public int Weight { get; init; } = 1;
}
