namespace Proxy.Core.Configuration.Nodes;

/// <summary>
/// A part of the file as it was written, and where. The configuration is bound from these nodes, so that every error can name its place and
/// no reader of a file format is known here.
/// </summary>
/// <param name="Mark">Where the node begins.</param>
internal abstract record ConfigNode(ConfigMark Mark);
