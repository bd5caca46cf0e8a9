using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Proxy.Partitioning;

/// <summary>Refuses options that contradict themselves, in words for the person who wrote the configuration.</summary>
internal static class PartitionerOptionsValidator
{
    /// <exception cref="ArgumentException">With the first contradiction.</exception>
    internal static void Validate(PartitionerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Enum.IsDefined(options.Distribution))
        {
            Refuse($"{options.Distribution} is not a distribution");
        }

        ValidateMembers(options);
        switch (options.Distribution)
        {
            case Distribution.Ketama or Distribution.Modula when !Enum.IsDefined(options.Hash):
                Refuse($"{options.Hash} is not a hash function");
                break;
            case Distribution.Slots:
                RefuseWeights(options.Members, "slots");
                ValidateSlots(options);
                break;
            case Distribution.Range:
                RefuseWeights(options.Members, "range");
                ValidateRange(options);
                break;
        }
    }

    private static void ValidateMembers(PartitionerOptions options)
    {
        var members = options.Members;
        if (members is null || members.Count == 0)
        {
            Refuse("there are no servers");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            if (string.IsNullOrEmpty(member.Name))
            {
                Refuse("a server has an empty name");
            }

            if (!names.Add(member.Name))
            {
                Refuse($"two servers have the same name '{member.Name}'");
            }

            if (member.Weight < 1)
            {
                Refuse($"server '{member.Name}' has the weight {member.Weight}, and the least is 1");
            }
        }

        if (members.Sum(member => (long)member.Weight) > uint.MaxValue)
        {
            Refuse($"the weights of the servers add up to more than {uint.MaxValue}");
        }

        if (options.Live is { } live && live.Count != members.Count)
        {
            Refuse($"there are {members.Count} servers, but it is known of {live.Count} whether they are live");
        }
    }

    private static void RefuseWeights(IReadOnlyList<PartitionMember> members, string distribution)
    {
        if (members.FirstOrDefault(member => member.Weight != 1) is { } weighted)
        {
            Refuse($"distribution {distribution} has no weights, but server '{weighted.Name}' has the weight {weighted.Weight}");
        }
    }

    private static void ValidateSlots(PartitionerOptions options)
    {
        if (options.Slots is not { } slots)
        {
            return;
        }

        var members = options.Members;
        if (slots.Count != members.Count)
        {
            Refuse($"there are {members.Count} servers, but slots for {slots.Count}");
        }

        var owners = new string?[KeySlot.Count];
        for (var i = 0; i < members.Count; i++)
        {
            foreach (var range in slots[i])
            {
                if (!range.IsValid)
                {
                    Refuse($"slots {range.First}-{range.Last} of server '{members[i].Name}' are not a rising range within 0-{KeySlot.Count - 1}");
                }

                for (var slot = range.First; slot <= range.Last; slot++)
                {
                    if (owners[slot] is { } other)
                    {
                        Refuse($"slot {slot} belongs to server '{other}' and, in {range}, to server '{members[i].Name}'");
                    }

                    owners[slot] = members[i].Name;
                }
            }
        }

        var gap = Array.IndexOf(owners, null);
        if (gap >= 0)
        {
            var end = Array.FindIndex(owners, gap, owner => owner is not null);
            var missing = new SlotRange(gap, (end < 0 ? KeySlot.Count : end) - 1);
            Refuse(missing.First == missing.Last ? $"slot {missing} belongs to no server" : $"slots {missing} belong to no server");
        }
    }

    private static void ValidateRange(PartitionerOptions options)
    {
        if (!Enum.IsDefined(options.By))
        {
            Refuse($"{options.By} is nothing that a range can go by");
        }

        var bounds = options.Bounds;
        if (bounds.Count != options.Members.Count - 1)
        {
            Refuse($"{options.Members.Count} servers need {options.Members.Count - 1} bounds between them, but there are {bounds.Count}");
        }

        if (options.By == RangeBy.Number && bounds.Where(bound => !DecimalDigits.IsNumber(bound.Bytes.Span)).Select(Show).FirstOrDefault() is { } text)
        {
            Refuse($"bound '{text}' is not a number");
        }

        for (var i = 1; i < bounds.Count; i++)
        {
            if (Compare(bounds[i - 1], bounds[i], options.By) >= 0)
            {
                Refuse($"bounds must rise strictly, but '{Show(bounds[i])}' comes after '{Show(bounds[i - 1])}'");
            }
        }

        if (options.Otherwise is { } otherwise)
        {
            if (options.By == RangeBy.Bytes)
            {
                Refuse("a range by bytes takes every key: `otherwise` is for a range by number");
            }

            if (otherwise < 0 || otherwise >= options.Members.Count)
            {
                Refuse($"`otherwise` names server {otherwise} of {options.Members.Count}, counted from 0");
            }
        }
    }

    private static int Compare(RangeBound left, RangeBound right, RangeBy by) => by == RangeBy.Bytes
        ? left.Bytes.Span.SequenceCompareTo(right.Bytes.Span)
        : DecimalDigits.Compare(DecimalDigits.Significant(left.Bytes.Span), DecimalDigits.Significant(right.Bytes.Span));

    private static string Show(RangeBound bound) => Encoding.UTF8.GetString(bound.Bytes.Span);

    [DoesNotReturn]
    private static void Refuse(string problem) => throw new ArgumentException(problem);
}
