using Proxy.Core.Configuration.Nodes;

namespace Proxy.Core.Configuration.Binding;

/// <summary>
/// Binds a whole file in either shape: ours, with <c>pools:</c> and perhaps <c>proxy:</c>, or a <c>nutcracker.yml</c>, whose top level is
/// the map of pools.
/// </summary>
internal static class ProxyBinder
{
    private static readonly string[] Sections = ["pools", "proxy"];

    /// <summary>Binds the root of a file. Whatever is wrong is reported to the context; what could be read is in the result.</summary>
    public static ProxyConfig Bind(ConfigNode root, BindingContext context)
    {
        var place = new Place("", root.Mark);
        if (root is not ConfigMap map)
        {
            context.Problems.Error(place, "the file has to be a map: pools: and below it the pools by name, or a nutcracker.yml");
            return new ProxyConfig(false, new ProcessConfig(), []);
        }
        return IsNutcracker(map)
            ? new ProxyConfig(true, new ProcessConfig(), Pools(map, place, context))
            : BindSections(map, place, context);
    }

    private static ProxyConfig BindSections(ConfigMap root, Place place, BindingContext context)
    {
        var reader = new MapReader(root, place, context);
        var process = reader.Map("proxy");
        var pools = reader.Map("pools");
        reader.RefuseOthers();
        if (!reader.WrittenKeys.Contains("pools"))
        {
            context.Problems.Error(place, "has no pools");
        }
        return new ProxyConfig(
            false,
            ProcessBinder.Bind(process?.Value, process?.Place ?? place.Below("proxy", place.Mark), context),
            pools is null ? [] : Pools(pools.Value, pools.Place, context));
    }

    private static List<PoolConfig> Pools(ConfigMap map, Place place, BindingContext context)
    {
        var pools = new List<PoolConfig>();
        if (map.Entries.Count == 0)
        {
            context.Problems.Error(place, "has no pools");
        }
        foreach (var (key, value) in map.Entries)
        {
            var poolPlace = place.Below(key.Text, key.Mark);
            if (key.Text.Length == 0)
            {
                context.Problems.Error(poolPlace, "a pool has no name");
            }
            if (pools.Any(pool => pool.Name == key.Text))
            {
                context.Problems.Error(poolPlace, $"has pools with same name '{key.Text}'");
            }
            if (value is ConfigMap directives)
            {
                pools.Add(PoolBinder.Bind(key.Text, directives, poolPlace, context));
            }
            else
            {
                context.Problems.Error(poolPlace, $"'{key.Text}' has to be a pool: a map with listen: and servers:");
            }
        }
        return pools;
    }

    // A pool may well be called `proxy` or `pools`; what it contains tells. A misspelt section of maps is not taken for a pool either.
    private static bool IsNutcracker(ConfigMap root)
    {
        foreach (var (key, value) in root.Entries)
        {
            if (Sections.Contains(key.Text) ? !IsPool(value) : Spelling.Nearest(key.Text, Sections) is not null && HoldsMapsOnly(value))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsPool(ConfigNode node) =>
        node is ConfigMap map && (map.Find("listen") is ConfigScalar || map.Find("servers") is ConfigSequence);

    private static bool HoldsMapsOnly(ConfigNode node) =>
        node is ConfigMap { Entries.Count: > 0 } map && map.Entries.All(entry => entry.Value is ConfigMap);
}
