namespace Proxy.Partitioning;

/// <summary>
/// Hash modulo the sum of the live weights; remainders are dealt to the members in twemproxy's order, each as many as it weighs.
/// twemproxy keeps a table with an entry for each remainder; here the last remainder of each member is enough, so that a weight of
/// a million costs nothing.
/// </summary>
internal sealed class ModulaPartitioner : HashedPartitioner
{
    private readonly int[] _members;
    private readonly uint[] _lastRemainders;
    private readonly uint _totalWeight;

    /// <param name="options">Validated options.</param>
    /// <param name="live">At least one live member, in twemproxy's order.</param>
    internal ModulaPartitioner(PartitionerOptions options, int[] live)
        : base(options)
    {
        _members = live;
        _lastRemainders = new uint[live.Length];
        for (var i = 0; i < live.Length; i++)
        {
            _totalWeight += (uint)options.Members[live[i]].Weight;
            _lastRemainders[i] = _totalWeight - 1;
        }
    }

    /// <inheritdoc/>
    protected override int MemberAt(uint hash)
    {
        var remainder = hash % _totalWeight;
        ReadOnlySpan<uint> last = _lastRemainders;

        // Without weights the remainder is the place itself.
        if (_totalWeight == (uint)last.Length)
        {
            return _members[remainder];
        }

        var low = 0;
        var high = last.Length - 1;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (last[middle] < remainder)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return _members[low];
    }
}
