namespace Proxy.Core.Configuration;

/// <summary>The section <c>reconnect_backoff:</c> of a pool.</summary>
internal sealed record BackoffConfig
{
    /// <summary>Milliseconds of the first wait.</summary>
    public Setting<int>? Min { get; init; }

    /// <summary>Milliseconds of the longest wait.</summary>
    public Setting<int>? Max { get; init; }
}
