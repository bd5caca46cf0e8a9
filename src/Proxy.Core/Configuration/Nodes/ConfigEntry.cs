namespace Proxy.Core.Configuration.Nodes;

/// <summary>A key of a map and what stands there.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
internal sealed record ConfigEntry(ConfigScalar Key, ConfigNode Value);
