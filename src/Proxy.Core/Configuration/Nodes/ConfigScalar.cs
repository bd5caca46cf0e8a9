namespace Proxy.Core.Configuration.Nodes;

/// <summary>A single value; its type is the reader's affair, so that <c>"true"</c> in quotes is <c>true</c>, as with twemproxy.</summary>
/// <param name="Text">The value without quotes.</param>
/// <param name="Mark">Where it begins.</param>
internal sealed record ConfigScalar(string Text, ConfigMark Mark) : ConfigNode(Mark);
