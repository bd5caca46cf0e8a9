namespace Proxy.Partitioning;

/// <summary>Ranges of keys in ordinal order of their bytes.</summary>
internal sealed class RangeByBytesPartitioner(PartitionerOptions options) : Partitioner
{
    private readonly HashTag? _tag = options.HashTag;
    private readonly byte[][] _bounds = [.. options.Bounds.Select(bound => bound.Bytes.ToArray())];

    /// <inheritdoc/>
    public override int Route(ReadOnlySpan<byte> key)
    {
        var part = _tag.HasValue ? _tag.GetValueOrDefault().Part(key) : key;
        var low = 0;
        var high = _bounds.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (part.SequenceCompareTo(_bounds[middle]) < 0)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
