using Proxy.Core.Configuration.Nodes;
using Proxy.Partitioning;

namespace Proxy.Core.Configuration.Binding;

/// <summary>Binds the section <c>slots:</c>, a map from the names of servers to ranges: <c>shard1: [0-8191]</c>.</summary>
internal static class SlotsBinder
{
    /// <summary>The section; null when there is none.</summary>
    public static SlotsConfig? Bind(MapReader pool, BindingContext context)
    {
        var map = pool.Map("slots");
        if (map is null)
        {
            return null;
        }
        var shares = new List<(Setting<string>, IReadOnlyList<Setting<SlotRange>>)>();
        var seen = new HashSet<string>();
        foreach (var entry in map.Value.Entries)
        {
            var place = map.Place.Below(entry.Key.Text, entry.Key.Mark);
            if (!seen.Add(entry.Key.Text))
            {
                context.Problems.Error(place, $"server '{entry.Key.Text}' is given slots twice: write one list");
                continue;
            }
            shares.Add((new Setting<string>(entry.Key.Text, place), Ranges(entry.Value, place, context)));
        }
        return new SlotsConfig(map.Place, shares);
    }

    private static List<Setting<SlotRange>> Ranges(ConfigNode node, Place place, BindingContext context)
    {
        var items = node is ConfigSequence sequence ? sequence.Items : [node];
        var ranges = new List<Setting<SlotRange>>();
        foreach (var item in items)
        {
            var itemPlace = place with { Mark = item.Mark };
            if (item is ConfigScalar scalar && SlotRange.TryParse(scalar.Text, out var range))
            {
                ranges.Add(new Setting<SlotRange>(range, itemPlace));
            }
            else
            {
                var written = item is ConfigScalar { Text.Length: > 0 } other ? $": '{other.Text}'" : "";
                context.Problems.Error(itemPlace, $"not a range of slots from 0 to 16383, like 0-8191 or 8192{written}");
            }
        }
        return ranges;
    }
}
