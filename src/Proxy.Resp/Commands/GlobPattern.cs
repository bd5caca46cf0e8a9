namespace Proxy.Resp.Commands;

/// <summary>Redis's patterns: `*` any bytes, `?` one byte, `[a-c]` and `[^a-c]` one of a class, `\x` the byte x itself.</summary>
internal static class GlobPattern
{
    /// <remarks>
    /// Goes back to the last `*` only: a later `*` takes over whatever an earlier one could match, so the time is the product of both lengths at
    /// worst and no stack is used.
    /// </remarks>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text, bool ignoreCase)
    {
        var p = 0;
        var t = 0;
        var star = -1;
        var starText = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                starText = t;
            }
            else if (p < pattern.Length && MatchesOne(pattern, p, text[t], ignoreCase, out var next))
            {
                p = next;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++starText;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].Trim((byte)'*').IsEmpty;
    }

    // One byte against what stands at `at`, which is not `*`; `next` is where the pattern goes on.
    private static bool MatchesOne(ReadOnlySpan<byte> pattern, int at, byte value, bool ignoreCase, out int next)
    {
        switch (pattern[at])
        {
            case (byte)'?':
                next = at + 1;
                return true;
            case (byte)'[':
                return MatchesClass(pattern, at + 1, value, ignoreCase, out next);
            case (byte)'\\' when at + 1 < pattern.Length:
                next = at + 2;
                return Fold(pattern[at + 1], ignoreCase) == Fold(value, ignoreCase);
            default:
                next = at + 1;
                return Fold(pattern[at], ignoreCase) == Fold(value, ignoreCase);
        }
    }

    // `[^a-c\]]`: a class that is not closed ends with the pattern.
    private static bool MatchesClass(ReadOnlySpan<byte> pattern, int at, byte value, bool ignoreCase, out int next)
    {
        var not = at < pattern.Length && pattern[at] == '^';
        at += not ? 1 : 0;
        var wanted = Fold(value, ignoreCase);
        var found = false;
        while (at < pattern.Length && pattern[at] != ']')
        {
            if (pattern[at] == '\\' && at + 1 < pattern.Length)
            {
                found |= Fold(pattern[at + 1], ignoreCase) == wanted;
                at += 2;
            }
            else if (at + 2 < pattern.Length && pattern[at + 1] == '-')
            {
                var low = Fold(Math.Min(pattern[at], pattern[at + 2]), ignoreCase);
                var high = Fold(Math.Max(pattern[at], pattern[at + 2]), ignoreCase);
                found |= wanted >= low && wanted <= high;
                at += 3;
            }
            else
            {
                found |= Fold(pattern[at], ignoreCase) == wanted;
                at++;
            }
        }

        next = Math.Min(at + 1, pattern.Length);
        return found != not;
    }

    private static byte Fold(byte value, bool ignoreCase) => ignoreCase && value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
}
