namespace Proxy.Core.Configuration.Nodes;

/// <summary>A map in the order of the file. Repeated keys are kept, so that they can be reported together with everything else.</summary>
/// <param name="Entries">Its entries in order.</param>
/// <param name="Mark">Where it begins.</param>
internal sealed record ConfigMap(IReadOnlyList<ConfigEntry> Entries, ConfigMark Mark) : ConfigNode(Mark)
{
    /// <summary>The value of the first entry with this key, null when there is none.</summary>
    public ConfigNode? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key.Text == key)
            {
                return entry.Value;
            }
        }
        return null;
    }
}
