using System.Globalization;

namespace Proxy.Core.Requests.Administration.Information;

/// <summary>Makes one INFO of those of several servers: the one that a server with all of their data and connections would give.</summary>
internal static class InfoMerger
{
    /// <summary>Fields of the section Memory that follow from two others: one divided by the other.</summary>
    private static readonly (string Field, string Part, string Whole)[] Ratios =
    [
        ("allocator_frag_ratio", "allocator_active", "allocator_allocated"),
        ("allocator_rss_ratio", "allocator_resident", "allocator_active"),
        ("rss_overhead_ratio", "used_memory_rss", "allocator_resident"),
        ("mem_fragmentation_ratio", "used_memory_rss", "used_memory"),
    ];

    /// <summary>The one of all; of one it is itself.</summary>
    /// <param name="texts">At least one.</param>
    public static InfoText Merge(IReadOnlyList<InfoText> texts)
    {
        if (texts.Count == 1)
        {
            return texts[0];
        }

        var merged = new InfoText();
        foreach (var sections in texts.SelectMany(text => text.Sections).GroupBy(section => section.Name, StringComparer.Ordinal))
        {
            merged.Sections.Add(Merge(sections.Key, sections));
        }

        if (merged["Memory"] is { } memory)
        {
            Derive(memory);
        }

        return merged;
    }

    private static InfoSection Merge(string name, IEnumerable<InfoSection> sections)
    {
        var merged = new InfoSection(name);
        foreach (var fields in sections.SelectMany(section => section.Fields).GroupBy(field => field.Name, field => field.Value, StringComparer.Ordinal))
        {
            if (fields.Key == "module")
            {
                // One for each module.
                merged.Fields.AddRange(fields.Distinct().Select(value => new InfoField(fields.Key, value)));
            }
            else
            {
                merged.Fields.Add(new InfoField(fields.Key, InfoValues.Join(InfoRules.Of(fields.Key), [.. fields])));
            }
        }

        if (name == "Keyspace")
        {
            // db10 comes behind db9.
            merged.Fields.Sort((one, other) => one.Name.Length != other.Name.Length ? one.Name.Length - other.Name.Length : string.CompareOrdinal(one.Name, other.Name));
        }

        return merged;
    }

    /// <summary>Computes what follows from other fields.</summary>
    private static void Derive(InfoSection memory)
    {
        foreach (var field in memory.Fields.Where(field => field.Name.EndsWith("_human", StringComparison.Ordinal)).ToList())
        {
            if (memory[field.Name[..^"_human".Length]] is { } bytes)
            {
                memory.Replace(field.Name, Human(InfoValues.Number(bytes)));
            }
        }

        foreach (var (field, part, whole) in Ratios)
        {
            memory.Replace(field, Text(Of(memory, part) / Math.Max(1, Of(memory, whole))));
        }

        var used = Of(memory, "used_memory");
        memory.Replace("used_memory_peak_perc", Percentage(used, Of(memory, "used_memory_peak")));
        memory.Replace("used_memory_dataset_perc", Percentage(Of(memory, "used_memory_dataset"), used - Of(memory, "used_memory_startup")));
    }

    private static double Of(InfoSection memory, string field) => memory[field] is { } value ? InfoValues.Number(value) : 0;

    private static string Percentage(double part, double whole) => Text(100 * part / Math.Max(1, whole)) + "%";

    private static string Text(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>Bytes as Redis writes them for people: <c>919.27K</c>.</summary>
    private static string Human(double bytes)
    {
        const string Units = "KMGTP";
        if (bytes < 1024)
        {
            return bytes.ToString("F0", CultureInfo.InvariantCulture) + "B";
        }

        var unit = -1;
        while (bytes >= 1024 && unit < Units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return Text(bytes) + Units[unit];
    }
}
