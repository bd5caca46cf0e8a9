using Proxy.Core.Configuration.Nodes;

namespace Proxy.Core.Configuration;

/// <summary>Where something stands: its path by keys and its mark in the file.</summary>
/// <param name="Path">The path, <c>pools.sessions.servers[0]</c>; empty for the file as a whole.</param>
/// <param name="Mark">The place in the file.</param>
internal readonly record struct Place(string Path, ConfigMark Mark)
{
    /// <summary>The place of a key below this one.</summary>
    public Place Below(string key, ConfigMark mark) => new(Path.Length == 0 ? key : $"{Path}.{key}", mark);

    /// <summary>The place of an element of this list.</summary>
    public Place Element(int index, ConfigMark mark) => new($"{Path}[{index}]", mark);
}
