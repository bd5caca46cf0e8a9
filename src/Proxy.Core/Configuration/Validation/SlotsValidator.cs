using Proxy.Partitioning;

namespace Proxy.Core.Configuration.Validation;

/// <summary>The section <c>slots:</c>: every slot belongs to exactly one known server.</summary>
internal sealed class SlotsValidator : IPoolValidator
{
    private const int SlotCount = 16384;

    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        if (pool.Slots is null)
        {
            return;
        }
        if (pool.Distribution?.Value != Distribution.Slots)
        {
            if (pool.Distribution is not null || !pool.WrittenKeys.Contains("distribution"))
            {
                problems.Error(pool.Slots.Place, "directive \"slots\" is only valid with distribution slots");
            }
            return;
        }
        var owners = new string?[SlotCount];
        foreach (var (server, ranges) in pool.Slots.Shares)
        {
            ServerNames.RequireKnown(pool, server, problems);
            foreach (var range in ranges)
            {
                Claim(owners, server.Value, range, problems);
            }
        }
        ReportGaps(owners, pool.Slots.Place, problems);
    }

    private static void Claim(string?[] owners, string server, Setting<SlotRange> range, ConfigProblems problems)
    {
        int? taken = null;
        for (var slot = range.Value.First; slot <= range.Value.Last; slot++)
        {
            if (owners[slot] is null)
            {
                owners[slot] = server;
            }
            else
            {
                taken ??= slot;
            }
        }
        if (taken is { } first)
        {
            problems.Error(range.Place, $"slot {first} of {range.Value} is given to '{owners[first]}' already");
        }
    }

    private static void ReportGaps(string?[] owners, Place place, ConfigProblems problems)
    {
        var gaps = new List<SlotRange>();
        for (var slot = 0; slot < SlotCount; slot++)
        {
            if (owners[slot] is not null)
            {
                continue;
            }
            var first = slot;
            while (slot + 1 < SlotCount && owners[slot + 1] is null)
            {
                slot++;
            }
            gaps.Add(new SlotRange(first, slot));
        }
        if (gaps.Count > 0)
        {
            const int shown = 8;
            var more = gaps.Count > shown ? $" and {gaps.Count - shown} more gaps" : "";
            problems.Error(place, $"no server has the slots {string.Join(", ", gaps.Take(shown))}{more}");
        }
    }
}
