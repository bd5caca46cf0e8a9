using System.Buffers;
using System.Text;

namespace Proxy.Partitioning;

/// <summary>
/// Answers which member takes a key. Immutable and safe to use from any thread; routing a key allocates nothing. Ketama, modula and
/// random choose the same server as twemproxy 0.5.0 with the same configuration.
/// </summary>
public abstract class Partitioner
{
    // A key of up to this many bytes is encoded on the stack.
    private const int StackLimit = 256;

    /// <summary>
    /// The member that takes <paramref name="key"/>: an index into <see cref="PartitionerOptions.Members"/>, or -1 when nobody does (no member
    /// is live; or a range by number without <see cref="PartitionerOptions.Otherwise"/>, and the key has no number).
    /// </summary>
    /// <param name="key">Any bytes, also none. Only read during the call.</param>
    public abstract int Route(ReadOnlySpan<byte> key);

    /// <summary>The same for a text, which counts as UTF-8.</summary>
    public int Route(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var most = Encoding.UTF8.GetMaxByteCount(key.Length);
        if (most <= StackLimit)
        {
            Span<byte> bytes = stackalloc byte[StackLimit];
            return Route(bytes[..Encoding.UTF8.GetBytes(key, bytes)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        var member = Route(rented.AsSpan(0, Encoding.UTF8.GetBytes(key, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return member;
    }

    /// <summary>Makes the partitioner that <paramref name="options"/> describe.</summary>
    /// <exception cref="ArgumentException">The options contradict themselves; the message says how, for the person who wrote them.</exception>
    public static Partitioner Create(PartitionerOptions options)
    {
        PartitionerOptionsValidator.Validate(options);
        return options.Distribution switch
        {
            Distribution.Slots => new SlotsPartitioner(options),
            Distribution.Range when options.By == RangeBy.Bytes => new RangeByBytesPartitioner(options),
            Distribution.Range => new RangeByNumberPartitioner(options),
            _ => CreateAsTwemproxy(options),
        };
    }

    /// <summary>
    /// What a careful operator would want to know about <paramref name="options"/>, a sentence each: choices that are known to spread keys
    /// badly, members that never get a key, weights without effect. Empty when there is nothing to say.
    /// </summary>
    /// <exception cref="ArgumentException">As <see cref="Create"/>.</exception>
    public static IReadOnlyList<string> Warnings(PartitionerOptions options)
    {
        PartitionerOptionsValidator.Validate(options);
        return PartitionerWarnings.Of(options);
    }

    private static Partitioner CreateAsTwemproxy(PartitionerOptions options)
    {
        var live = MemberOrder.Live(options);
        if (live.Length == 0)
        {
            return new FixedPartitioner(-1);
        }

        // One *configured* server takes every key before any hash or tag is looked at; one *live* server among several gets them by its own points.
        if (options.Members.Count == 1)
        {
            return new FixedPartitioner(0);
        }

        return options.Distribution switch
        {
            Distribution.Ketama => new KetamaPartitioner(options, live),
            Distribution.Modula => new ModulaPartitioner(options, live),
            _ => new RandomPartitioner(live),
        };
    }
}
