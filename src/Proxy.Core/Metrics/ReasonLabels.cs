using System.Runtime.CompilerServices;
using System.Text;

namespace Proxy.Core.Metrics;

/// <summary>Label values of an enum whose values are 0, 1, 2 …: its names in snake case, by value.</summary>
/// <typeparam name="TReason">The enum.</typeparam>
internal static class ReasonLabels<TReason>
    where TReason : struct, Enum
{
    /// <summary>The label values; the index is the enum's value.</summary>
    public static readonly string[] All = [.. Enum.GetNames<TReason>().Select(SnakeCase)];

    /// <summary>The label value of one value.</summary>
    public static string Of(TReason reason) => All[Unsafe.BitCast<TReason, int>(reason)];

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
