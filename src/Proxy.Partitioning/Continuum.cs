using System.Numerics;

namespace Proxy.Partitioning;

/// <summary>
/// The ring, ready for lookups. The points of MD5 lie evenly, so an index by the upper bits of the hash leads to within a step or two
/// of the right point: in `ContinuumBenchmarks` a tenth of the time of a binary search with 4 servers, less with more.
/// </summary>
internal sealed class Continuum
{
    // Ascending; the last entry is no point but a stop above all of them that belongs to the owner of the first: the ring closes.
    private readonly uint[] _values;
    private readonly int[] _members;

    // For each value of the upper bits of a hash: the first point that is not below all hashes with these bits.
    private readonly int[] _starts;
    private readonly int _shift;

    /// <param name="points">At least one point, ascending.</param>
    internal Continuum(ContinuumPoint[] points)
    {
        _values = [.. points.Select(point => point.Value), uint.MaxValue];
        _members = [.. points.Select(point => point.Member), points[0].Member];
        var bits = Math.Max(1, BitOperations.Log2((uint)points.Length) + 1);
        _shift = 32 - bits;
        _starts = new int[1 << bits];
        var next = 0;
        for (var i = 0; i < _starts.Length; i++)
        {
            while (_values[next] < (uint)i << _shift)
            {
                next++;
            }

            _starts[i] = next;
        }
    }

    /// <summary>The owner of the first point at or above <paramref name="hash"/>, or of the very first point if there is none.</summary>
    internal int MemberAt(uint hash)
    {
        var values = _values;
        var i = _starts[hash >> _shift];
        while (values[i] < hash)
        {
            i++;
        }

        return _members[i];
    }
}
