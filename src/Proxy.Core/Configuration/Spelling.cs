namespace Proxy.Core.Configuration;

/// <summary>Finds what somebody meant who misspelt a word.</summary>
internal static class Spelling
{
    // Longer words are no keys; the comparison takes time in the product of the lengths.
    private const int LongestWord = 64;

    /// <summary><c> (did you mean 'timeout'?)</c> for a misspelt <c>timeuot</c>; empty where nothing is near.</summary>
    public static string Suggest(string word, IEnumerable<string> known)
    {
        var nearest = Nearest(word, known);
        return nearest is null ? "" : $" (did you mean '{nearest}'?)";
    }

    /// <summary>
    /// The known word with the fewest edits, about one in three letters at most; case, <c>-</c> and <c>_</c> do not count.
    /// </summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        if (word.Length > LongestWord)
        {
            return null;
        }
        var written = Plain(word);
        string? nearest = null;
        var least = Math.Max(1, (written.Length + 1) / 3) + 1;
        foreach (var candidate in known)
        {
            var edits = Edits(written, Plain(candidate));
            if (edits < least)
            {
                least = edits;
                nearest = candidate;
            }
        }
        return nearest;
    }

    private static string Plain(string word) => word.ToLowerInvariant().Replace("-", "").Replace("_", "");

    // Optimal string alignment: insertion, deletion, replacement, and two neighbours exchanged, each one edit.
    private static int Edits(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            rows[i, 0] = i;
        }
        for (var j = 0; j <= to.Length; j++)
        {
            rows[0, j] = j;
        }
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                var least = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    least = Math.Min(least, rows[i - 2, j - 2] + 1);
                }
                rows[i, j] = least;
            }
        }
        return rows[from.Length, to.Length];
    }
}
