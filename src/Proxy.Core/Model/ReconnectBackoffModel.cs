namespace Proxy.Core.Model;

/// <summary>How long to wait before connecting again to a server that is down: doubling from the least to the most, jittered.</summary>
/// <param name="MinMs">The first wait in milliseconds, at least 1.</param>
/// <param name="MaxMs">The longest wait in milliseconds, at least <paramref name="MinMs"/>.</param>
internal sealed record ReconnectBackoffModel(int MinMs, int MaxMs);
