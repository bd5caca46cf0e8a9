using Proxy.Core.Configuration;
using Proxy.Core.Configuration.Nodes;

namespace Proxy.Host.Yaml;

/// <summary>A YAML text as nodes, or why it is none. YAML cannot be read beyond its first error, so there is one problem at most.</summary>
/// <param name="Root">The root; null when there is a problem.</param>
/// <param name="Problem">The problem; null when there is a root.</param>
internal sealed record YamlResult(ConfigNode? Root, ConfigProblem? Problem);
