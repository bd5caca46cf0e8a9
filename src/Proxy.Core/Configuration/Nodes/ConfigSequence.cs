namespace Proxy.Core.Configuration.Nodes;

/// <summary>A list.</summary>
/// <param name="Items">Its elements in order.</param>
/// <param name="Mark">Where it begins.</param>
internal sealed record ConfigSequence(IReadOnlyList<ConfigNode> Items, ConfigMark Mark) : ConfigNode(Mark);
