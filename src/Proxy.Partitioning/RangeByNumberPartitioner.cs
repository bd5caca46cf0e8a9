namespace Proxy.Partitioning;

/// <summary>Ranges of the number inside the key.</summary>
internal sealed class RangeByNumberPartitioner(PartitionerOptions options) : Partitioner
{
    private readonly HashTag? _tag = options.HashTag;
    private readonly int _otherwise = options.Otherwise ?? -1;
    private readonly byte[][] _bounds = [.. options.Bounds.Select(bound => DecimalDigits.Significant(bound.Bytes.Span).ToArray())];

    /// <inheritdoc/>
    public override int Route(ReadOnlySpan<byte> key)
    {
        var run = DecimalDigits.FirstRun(_tag.HasValue ? _tag.GetValueOrDefault().Part(key) : key);
        if (run.IsEmpty)
        {
            return _otherwise;
        }

        var number = DecimalDigits.Significant(run);
        var low = 0;
        var high = _bounds.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (DecimalDigits.Compare(number, _bounds[middle]) < 0)
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
