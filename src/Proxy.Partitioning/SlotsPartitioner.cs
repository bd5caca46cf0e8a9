namespace Proxy.Partitioning;

/// <summary>A table of 16,384 slots.</summary>
internal sealed class SlotsPartitioner : Partitioner
{
    private readonly int[] _owners = new int[KeySlot.Count];
    private readonly HashTag _tag;

    /// <param name="options">Validated options.</param>
    internal SlotsPartitioner(PartitionerOptions options)
    {
        _tag = options.HashTag ?? HashTag.Braces;
        for (var member = 0; member < options.Members.Count; member++)
        {
            foreach (var range in options.Slots?[member] ?? [EvenShare(member, options.Members.Count)])
            {
                // An even share of no slot at all (more members than slots) ends before it starts.
                _owners.AsSpan(range.First, range.Last - range.First + 1).Fill(member);
            }
        }
    }

    /// <inheritdoc/>
    public override int Route(ReadOnlySpan<byte> key) => _owners[KeySlot.Of(key, _tag)];

    /// <summary>The slots of a member when nobody says otherwise: borders at the nearest slot to the exact fraction, as redis-cli draws them.</summary>
    internal static SlotRange EvenShare(int member, int members) => new(Border(member, members), Border(member + 1, members) - 1);

    private static int Border(int member, int members) => (int)(((2L * member * KeySlot.Count) + members) / (2L * members));
}
