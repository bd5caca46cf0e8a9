using Proxy.Partitioning;

namespace Proxy.Core.Configuration;

/// <summary>The section <c>range:</c> of a pool.</summary>
internal sealed record RangeConfig
{
    /// <summary>Where the section stands.</summary>
    public required Place Place { get; init; }

    /// <summary>What is compared.</summary>
    public Setting<RangeBy>? By { get; init; }

    /// <summary>The bounds in order; null when the key is missing or is no list.</summary>
    public Setting<IReadOnlyList<Setting<string>>>? Bounds { get; init; }

    /// <summary>The name of the server that takes keys without a number.</summary>
    public Setting<string>? Otherwise { get; init; }
}
