using System.Diagnostics.CodeAnalysis;

namespace Proxy.Partitioning;

/// <summary>The names of the distributions in configuration files and on command lines.</summary>
public static class Distributions
{
    private static readonly (string Name, Distribution Distribution)[] Table =
    [
        ("ketama", Distribution.Ketama),
        ("modula", Distribution.Modula),
        ("random", Distribution.Random),
        ("slots", Distribution.Slots),
        ("range", Distribution.Range),
        ("consistent-hash", Distribution.Ketama),
        ("modulo", Distribution.Modula),
    ];

    /// <summary>Every accepted name: the canonical ones in the order of the enumeration, then the aliases.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.ConvertAll(Table, row => row.Name);

    /// <summary>Reads a name exactly as written (lower case; the aliases <c>modulo</c> and <c>consistent-hash</c> included).</summary>
    /// <returns>False for anything else; <paramref name="distribution"/> is then meaningless.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out Distribution distribution)
    {
        foreach (var row in Table)
        {
            if (row.Name == name)
            {
                distribution = row.Distribution;
                return true;
            }
        }

        distribution = default;
        return false;
    }

    /// <summary>The canonical name, which is twemproxy's where twemproxy has the distribution.</summary>
    public static string NameOf(Distribution distribution) => Names[(int)distribution];
}
