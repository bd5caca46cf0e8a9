namespace Proxy.Core.Configuration;

/// <summary>A value that was written. What was not written is null in its place.</summary>
/// <param name="Value">The value.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record Setting<T>(T Value, Place Place);
