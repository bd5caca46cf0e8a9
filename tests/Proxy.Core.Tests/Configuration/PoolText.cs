namespace Proxy.Core.Tests.Configuration;

/// <summary>Files around a few directives.</summary>
internal static class PoolText
{
    private static readonly string[] Obligatory = ["listen: 127.0.0.1:6380", "servers:\n  - 127.0.0.1:7001:1 a\n  - 127.0.0.1:7002:1 b"];

    /// <summary>A file with the pool <c>p</c>, which has the given directives and, where they are missing, <c>listen</c> and two servers.</summary>
    public static string With(string directives)
    {
        var all = directives;
        foreach (var line in Obligatory)
        {
            if (!$"\n{directives}".Contains($"\n{line.Split(':')[0]}:", StringComparison.Ordinal))
            {
                all += $"\n{line}";
            }
        }
        return $"pools:\n  p:\n{Indented(all, 4)}";
    }

    /// <summary>A file with the given directives for the process and a complete pool.</summary>
    public static string WithProcess(string directives) => $"proxy:\n{Indented(directives, 2)}\n{With("")}";

    /// <summary>A nutcracker.yml with the given directives in a complete pool.</summary>
    public static string Nutcracker(string directives) => $"p:\n{Indented(string.Join('\n', [directives, .. Obligatory]), 2)}";

    private static string Indented(string text, int blanks) =>
        string.Join('\n', text.Split('\n').Where(line => line.Length > 0).Select(line => new string(' ', blanks) + line));
}
