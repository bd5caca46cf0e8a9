namespace Proxy.Core.Requests.CrossServer;

/// <summary>
/// The longest common subsequence of two strings, of several the one that Redis's LCS finds: going back from the ends, it leaves out a byte of
/// the first string only where that keeps more than leaving out one of the second.
/// </summary>
/// <remarks>
/// Redis keeps the lengths of all pairs of beginnings, four bytes each, to go back by. A row of them and one bit of each pair, which says
/// which way to go, tell the same.
/// </remarks>
internal sealed class CommonSubsequence
{
    private readonly ReadOnlyMemory<byte> _first;
    private readonly ReadOnlyMemory<byte> _second;
    private readonly ulong[] _leavesFirst;

    /// <param name="first">One string.</param>
    /// <param name="second">The other.</param>
    /// <param name="hasPath">Whether more than the length is asked for.</param>
    public CommonSubsequence(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second, bool hasPath)
    {
        _first = first;
        _second = second;
        _leavesFirst = hasPath ? new ulong[((long)first.Length * second.Length / 64) + 1] : [];
        Length = Fill(first.Span, second.Span, hasPath);
    }

    /// <summary>Bytes of the subsequence.</summary>
    public int Length { get; }

    /// <summary>Whether Redis, with its default configuration, refuses strings of these lengths: what it would keep exceeds 512 MB.</summary>
    public static bool IsTooLarge(long first, long second) => (first + 1) * (second + 1) > (512L << 20) / 4;

    /// <summary>Goes back along the subsequence.</summary>
    /// <param name="text">The subsequence; of length <see cref="Length"/>.</param>
    /// <returns>The ranges of consecutive bytes that stand in both strings, the last first.</returns>
    public List<CommonRange> Trace(Span<byte> text)
    {
        var first = _first.Span;
        var second = _second.Span;
        var matches = new List<CommonRange>();
        CommonRange? open = null;
        int i = first.Length, j = second.Length, at = Length;
        while (i > 0 && j > 0)
        {
            if (first[i - 1] == second[j - 1])
            {
                i--;
                j--;
                text[--at] = first[i];
                open = open is { } match ? match with { First = i, Second = j, Length = match.Length + 1 } : new CommonRange(i, j, 1);
                continue;
            }

            if (open is { } ended)
            {
                matches.Add(ended);
                open = null;
            }

            if (LeavesFirst(i, j))
            {
                i--;
            }
            else
            {
                j--;
            }
        }

        if (open is { } last)
        {
            matches.Add(last);
        }

        return matches;
    }

    private int Fill(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, bool hasPath)
    {
        // lengths[j]: of the subsequence of the first i bytes of the one string and the first j of the other.
        var lengths = new int[second.Length + 1];
        var pair = 0L;
        foreach (var one in first)
        {
            var diagonal = 0;
            var left = 0;
            for (var j = 1; j < lengths.Length; j++, pair++)
            {
                var above = lengths[j];
                if (one == second[j - 1])
                {
                    left = diagonal + 1;
                }
                else if (above > left)
                {
                    left = above;
                    if (hasPath)
                    {
                        _leavesFirst[pair >> 6] |= 1UL << (int)(pair & 63);
                    }
                }

                diagonal = above;
                lengths[j] = left;
            }
        }

        return lengths[^1];
    }

    private bool LeavesFirst(int i, int j)
    {
        var pair = ((long)(i - 1) * _second.Length) + j - 1;
        return (_leavesFirst[pair >> 6] & (1UL << (int)(pair & 63))) != 0;
    }
}
