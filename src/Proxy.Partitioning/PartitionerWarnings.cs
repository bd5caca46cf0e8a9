namespace Proxy.Partitioning;

/// <summary>Known weaknesses of valid options. The percentages were measured with four equal servers and 10,000 keys.</summary>
internal static class PartitionerWarnings
{
    // Values that the hash `crc32` can take.
    private const long Crc32Values = 1 << 15;

    internal static IReadOnlyList<string> Of(PartitionerOptions options)
    {
        // With one server there is nothing to spread.
        if (options.Members.Count == 1)
        {
            return [];
        }

        return options.Distribution switch
        {
            Distribution.Ketama => [.. OfKetama(options)],
            Distribution.Modula => [.. OfModula(options)],
            Distribution.Random => [.. OfRandom(options)],
            Distribution.Slots => [.. OfSlots(options)],
            _ => [],
        };
    }

    private static IEnumerable<string> OfKetama(PartitionerOptions options)
    {
        switch (options.Hash)
        {
            case HashFunction.Crc32:
                yield return "hash crc32 has only 15 bits, so with distribution ketama nearly all keys go to one server; crc32a has 32 bits";
                break;
            case HashFunction.Fnv1_64:
                yield return "hash fnv1_64 spreads keys that end in a number badly with distribution ketama (key-0 to key-9999 on four equal "
                    + "servers: 40% on the busiest, 10% on the idlest); murmur, md5 and fnv1a_32 spread them evenly";
                break;
        }

        var members = options.Members;
        var all = Enumerable.Range(0, members.Count).ToArray();
        var totalWeight = KetamaPoints.TotalWeight(members, all);
        foreach (var member in members)
        {
            if (KetamaPoints.Groups(member.Weight, totalWeight, members.Count) == 0)
            {
                yield return $"server '{member.Name}' gets no point on the ring and so no key: its weight {member.Weight} of {totalWeight} is too small";
            }
        }
    }

    private static IEnumerable<string> OfModula(PartitionerOptions options)
    {
        var totalWeight = options.Members.Sum(member => (long)member.Weight);
        if (options.Hash == HashFunction.Crc32 && totalWeight > Crc32Values)
        {
            yield return $"hash crc32 has only {Crc32Values} values, fewer than the weights add up to ({totalWeight}): servers whose names sort last get too few keys or none";
        }
    }

    private static IEnumerable<string> OfRandom(PartitionerOptions options)
    {
        yield return "distribution random sends each request to any server, whatever its key: what was written is usually not found again";
        if (options.Members.Any(member => member.Weight != options.Members[0].Weight))
        {
            yield return "distribution random ignores the weights of the servers";
        }
    }

    private static IEnumerable<string> OfSlots(PartitionerOptions options)
    {
        for (var i = 0; i < options.Members.Count; i++)
        {
            var share = SlotsPartitioner.EvenShare(i, options.Members.Count);
            if (options.Slots is { } slots ? slots[i].Count == 0 : share.Last < share.First)
            {
                yield return $"server '{options.Members[i].Name}' has no slots and so gets no key";
            }
        }
    }
}
