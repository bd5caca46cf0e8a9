namespace Proxy.Core.Requests.Tracking;

/// <summary>What CLIENT TRACKING ON asks for.</summary>
internal sealed record TrackingOptions
{
    /// <summary>Id of the client that is told in place of this one; 0 for none.</summary>
    public long Redirect { get; init; }

    /// <summary>BCAST: of all keys that begin with a prefix, not of those that the client read.</summary>
    public bool IsBroadcast { get; init; }

    /// <summary>OPTIN: only what is read after CLIENT CACHING YES.</summary>
    public bool IsOptIn { get; init; }

    /// <summary>OPTOUT: all that is read, but not after CLIENT CACHING NO.</summary>
    public bool IsOptOut { get; init; }

    /// <summary>NOLOOP: not of what the client changes itself.</summary>
    public bool IsNoLoop { get; init; }

    /// <summary>With <see cref="IsBroadcast"/> the prefixes as the client gave them; none means all keys.</summary>
    public IReadOnlyList<byte[]> Prefixes { get; init; } = [];
}
