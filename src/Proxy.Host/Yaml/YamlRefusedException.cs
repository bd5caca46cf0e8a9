using Proxy.Core.Configuration.Nodes;

namespace Proxy.Host.Yaml;

/// <summary>Valid YAML that is no configuration. Leaves the reading of the tree; never leaves <see cref="YamlReader"/>.</summary>
/// <param name="mark">Where.</param>
/// <param name="reason">Why.</param>
internal sealed class YamlRefusedException(ConfigMark mark, string reason) : Exception(reason)
{
    /// <summary>Where.</summary>
    public ConfigMark Mark { get; } = mark;
}
