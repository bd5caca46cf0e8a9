using System.Text;

namespace Proxy.Partitioning;

/// <summary>The order that twemproxy puts servers in before it builds a ring or a table: the shorter name first, then byte by byte.</summary>
internal static class MemberOrder
{
    /// <summary>Indexes of the live members, in twemproxy's order.</summary>
    internal static int[] Live(PartitionerOptions options)
    {
        var names = options.Members.Select(member => Encoding.UTF8.GetBytes(member.Name)).ToArray();
        var live = Enumerable.Range(0, names.Length).Where(i => options.Live?[i] ?? true).ToArray();
        Array.Sort(live, (left, right) => Compare(names[left], names[right]));
        return live;
    }

    private static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
}
