using System.Globalization;

namespace Proxy.Core.Requests.Administration.Information;

/// <summary>Makes one value of those that several servers give a field of INFO.</summary>
internal static class InfoValues
{
    /// <summary>Policies for a full memory, from the one that loses most to the one that loses nothing.</summary>
    private static readonly string[] Policies =
        ["allkeys-random", "allkeys-lru", "allkeys-lfu", "volatile-random", "volatile-lru", "volatile-lfu", "volatile-ttl", "noeviction"];

    /// <summary>The value.</summary>
    /// <param name="rule">How.</param>
    /// <param name="values">One of each server that has the field, at least one.</param>
    public static string Join(InfoRule rule, IReadOnlyList<string> values)
    {
        switch (rule)
        {
            case InfoRule.Least:
                return values.MinBy(Number)!;
            case InfoRule.Greatest:
                return values.MaxBy(Number)!;
            case InfoRule.LowestVersion:
                return values.MinBy(value => Version.TryParse(value, out var version) ? version : new Version(int.MaxValue, 0))!;
            case InfoRule.AllOk:
                return values.FirstOrDefault(value => value != "ok") ?? "ok";
            case InfoRule.WorstPolicy:
                return values.MinBy(value => Array.IndexOf(Policies, value))!;
            case InfoRule.Limit when values.Contains("0"):
                return "0";
            case InfoRule.First:
                return values[0];
            default:
                return Sum(values);
        }
    }

    /// <summary>The number at the beginning of a value; less than any other if there is none.</summary>
    public static double Number(string value) =>
        double.TryParse(value.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NegativeInfinity;

    private static string Sum(IReadOnlyList<string> values)
    {
        if (values.All(value => value.Contains('=', StringComparison.Ordinal)))
        {
            return SumParts(values);
        }

        var numbers = values.Select(value => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : (decimal?)null);
        return numbers.Any(number => number is null) ? values[0] : numbers.Sum()!.Value.ToString(CultureInfo.InvariantCulture);
    }

    // calls=1,usec=15,usec_per_call=15.00
    private static string SumParts(IReadOnlyList<string> values)
    {
        var servers = values.Select(Parts).ToList();
        var parts = servers.SelectMany(parts => parts).GroupBy(part => part.Name, part => part.Value, StringComparer.Ordinal)
            .Select(part => (Name: part.Key, Value: JoinPart(part.Key, [.. part])))
            .ToList();
        var joined = parts.Select(part => part.Name switch
        {
            "usec_per_call" => Ratio(Of(parts, "usec"), Of(parts, "calls")),
            "avg_ttl" => Average(servers),
            _ => part.Value,
        });
        return string.Join(',', parts.Zip(joined, (part, value) => $"{part.Name}={value}"));
    }

    // Quantiles cannot be joined: the worst is told.
    private static string JoinPart(string name, IReadOnlyList<string> values) =>
        Join(name is ['p', >= '0' and <= '9', ..] ? InfoRule.Greatest : InfoRule.Sum, values);

    private static List<(string Name, string Value)> Parts(string value) =>
        [.. value.Split(',').Select(part => part.Split('=', 2)).Select(part => (part[0], part.ElementAtOrDefault(1) ?? ""))];

    private static double Of(List<(string Name, string Value)> parts, string name) =>
        parts.Find(part => part.Name == name).Value is { } value && Number(value) is var number and >= 0 ? number : 0;

    private static string Ratio(double part, double whole) => (whole == 0 ? 0 : part / whole).ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>The average time to live of the keys that have one.</summary>
    private static string Average(List<List<(string Name, string Value)>> servers)
    {
        var keys = servers.Sum(parts => Of(parts, "expires"));
        var total = servers.Sum(parts => Of(parts, "expires") * Of(parts, "avg_ttl"));
        return (keys == 0 ? 0 : Math.Round(total / keys)).ToString("F0", CultureInfo.InvariantCulture);
    }
}
