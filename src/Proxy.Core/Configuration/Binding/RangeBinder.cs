using Proxy.Core.Configuration.Nodes;
using Proxy.Partitioning;

namespace Proxy.Core.Configuration.Binding;

/// <summary>Binds the section <c>range:</c>.</summary>
internal static class RangeBinder
{
    private static readonly (string, RangeBy)[] Bys = [("number", RangeBy.Number), ("bytes", RangeBy.Bytes)];

    /// <summary>The section; null when there is none.</summary>
    public static RangeConfig? Bind(MapReader pool, BindingContext context)
    {
        var map = pool.Map("range");
        var reader = pool.Section("range", map);
        var range = new RangeConfig
        {
            Place = reader.Place,
            By = reader.Choice("by", Bys, "is not \"number\" or \"bytes\""),
            Bounds = BindBounds(reader, context),
            Otherwise = reader.Text("otherwise"),
        };
        reader.RefuseOthers();
        return map is null ? null : range;
    }

    private static Setting<IReadOnlyList<Setting<string>>>? BindBounds(MapReader reader, BindingContext context)
    {
        var list = reader.List("bounds");
        if (list is null)
        {
            return null;
        }
        var bounds = new List<Setting<string>>();
        foreach (var item in list.Value.Items)
        {
            var place = list.Place.Element(bounds.Count, item.Mark);
            if (item is not ConfigScalar)
            {
                context.Problems.Error(place, "directive \"bounds\" has an element that is not a single value");
            }
            bounds.Add(new Setting<string>((item as ConfigScalar)?.Text ?? "", place));
        }
        return new Setting<IReadOnlyList<Setting<string>>>(bounds, list.Place);
    }
}
