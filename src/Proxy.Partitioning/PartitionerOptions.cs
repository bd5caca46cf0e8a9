namespace Proxy.Partitioning;

/// <summary>Everything that decides which member takes a key. The lists are read when a partitioner is made, not kept.</summary>
public sealed record PartitionerOptions
{
    /// <summary>The way of partitioning.</summary>
    public Distribution Distribution { get; init; } = Distribution.Ketama;

    /// <summary>The hash of the key, for ketama and modula.</summary>
    public HashFunction Hash { get; init; } = HashFunction.Fnv1a_64;

    /// <summary>The bytes around the part of a key that counts; null: the whole key counts (with slots: <c>{}</c>, as in Redis Cluster).</summary>
    public HashTag? HashTag { get; init; }

    /// <summary>
    /// The members, at least one, in the order of the configuration: <see cref="Partitioner.Route(ReadOnlySpan{byte})"/> answers an index
    /// into this list. Range and slots use this order; ketama, modula and random sort by name as twemproxy does.
    /// </summary>
    public required IReadOnlyList<PartitionMember> Members { get; init; }

    /// <summary>
    /// Which members take part at present, one entry a member; null means all. Ketama, modula and random leave the others out, as
    /// twemproxy does with ejected servers, so that keys move. Range and slots ignore it: their keys have one home.
    /// </summary>
    public IReadOnlyList<bool>? Live { get; init; }

    /// <summary>What a range compares.</summary>
    public RangeBy By { get; init; } = RangeBy.Number;

    /// <summary>
    /// The bounds of a range, strictly rising, one fewer than members: the first member takes what is below the first bound, the
    /// last member what is at or above the last. Numbers have any length; leading zeros do not count.
    /// </summary>
    public IReadOnlyList<RangeBound> Bounds { get; init; } = [];

    /// <summary>Index of the member that takes keys without a number in a range by number; null: nobody does.</summary>
    public int? Otherwise { get; init; }

    /// <summary>The slots of each member, all 16,384 exactly once; null: even shares in the order of the members, as <c>redis-cli --cluster create</c> deals them.</summary>
    public IReadOnlyList<IReadOnlyList<SlotRange>>? Slots { get; init; }
}
