using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Proxy.Partitioning.Hashes;

namespace Proxy.Partitioning;

/// <summary>
/// The points of a ketama ring, computed as twemproxy 0.5.0 does (its <c>nc_ketama.c</c>, after libmemcached's
/// <c>MEMCACHED_DISTRIBUTION_CONSISTENT_KETAMA_WEIGHTED</c>), rounding included: a point more or less would move keys.
/// </summary>
internal static class KetamaPoints
{
    /// <summary>Points that one MD5 digest gives.</summary>
    internal const int PointsPerGroup = 4;

    // A member of average weight has this many points, give or take the rounding below.
    private const int PointsPerMember = 160;

    // The label `name-N` ends here, whatever follows: the size of twemproxy's buffer without its NUL.
    private const int MaxLabelLength = 272;

    /// <summary>All points in ascending order; points of the same value in the order of <paramref name="live"/>.</summary>
    /// <param name="members">All members.</param>
    /// <param name="live">Indexes of those that take part, in twemproxy's order.</param>
    internal static ContinuumPoint[] Build(IReadOnlyList<PartitionMember> members, int[] live)
    {
        var totalWeight = TotalWeight(members, live);
        var points = new List<ContinuumPoint>(live.Length * PointsPerMember);
        foreach (var member in live)
        {
            AddPoints(points, member, members[member].Name, Groups(members[member].Weight, totalWeight, live.Length));
        }

        // OrderBy keeps the order of equal values, as the merge sort behind glibc's qsort does.
        return [.. points.OrderBy(point => point.Value)];
    }

    /// <summary>The sum of the weights, which validation keeps within 32 bits.</summary>
    internal static uint TotalWeight(IReadOnlyList<PartitionMember> members, int[] live) =>
        (uint)live.Sum(member => (long)members[member].Weight);

    /// <summary>
    /// How many digests, of four points each, a member contributes. Single precision with a rounding after every step, in twemproxy's
    /// order of operations: equal weights give 40, but 39 for 25, 47, 50, 55, … members.
    /// </summary>
    internal static int Groups(int weight, uint totalWeight, int liveCount)
    {
        var share = (float)((float)weight / (float)totalWeight);
        var groups = (float)(share * PointsPerMember);
        groups = (float)(groups / PointsPerGroup);
        groups = (float)(groups * (float)liveCount);
        return (int)MathF.Floor((float)(groups + 0.0000000001));
    }

    private static void AddPoints(List<ContinuumPoint> points, int member, string name, int groups)
    {
        var label = new byte[Encoding.UTF8.GetByteCount(name) + 12];
        var prefix = Encoding.UTF8.GetBytes(name + "-", label);
        Span<byte> digest = stackalloc byte[Md5.DigestLength];
        for (var group = 0; group < groups; group++)
        {
            group.TryFormat(label.AsSpan(prefix), out var digits, default, CultureInfo.InvariantCulture);
            Md5.Compute(label.AsSpan(0, Math.Min(prefix + digits, MaxLabelLength)), digest);
            for (var i = 0; i < PointsPerGroup; i++)
            {
                points.Add(new ContinuumPoint(BinaryPrimitives.ReadUInt32LittleEndian(digest[(4 * i)..]), member));
            }
        }
    }
}
