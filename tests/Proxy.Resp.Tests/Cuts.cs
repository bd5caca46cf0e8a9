using System.Text;

namespace Proxy.Resp.Tests;

/// <summary>
/// The ways in which the bytes of a protocol literal may arrive. A way is the rising list of the lengths that are there when a scanner is
/// called, the last one being all.
/// </summary>
internal static class Cuts
{
    /// <summary>Longer literals are cut in two only near their ends and near multiples of 4096.</summary>
    private const int CutEverywhere = 2048;

    /// <summary>Whole, at every two-way cut, and byte by byte.</summary>
    public static IEnumerable<int[]> Of(int length)
    {
        yield return [length];
        for (var cut = 1; cut < length; cut++)
        {
            if (length <= CutEverywhere || cut < 64 || length - cut < 64 || cut % 4096 is 0 or 1 or 4095)
            {
                yield return [cut, length];
            }
        }

        yield return [.. Enumerable.Range(1, length)];
    }

    /// <summary>Pieces of random length, mostly short.</summary>
    public static int[] Random(int length, Random random)
    {
        var ends = new List<int>();
        for (var end = 0; end < length;)
        {
            end = Math.Min(length, end + (random.Next(4) == 0 ? random.Next(1, 200) : random.Next(1, 12)));
            ends.Add(end);
        }

        return [.. ends];
    }

    /// <summary>A literal's bytes: each character is one.</summary>
    public static byte[] Bytes(string literal) => Encoding.Latin1.GetBytes(literal);

    /// <summary>Bytes as a literal.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
