using Proxy.Core.Configuration.Nodes;

namespace Proxy.Core.Configuration;

/// <summary>Something wrong or doubtful in a configuration.</summary>
/// <param name="Mark">Where.</param>
/// <param name="Path">The path of the key, <c>pools.sessions.timeout</c>; empty where the file as a whole is meant.</param>
/// <param name="Text">The reason. Never contains a password.</param>
/// <param name="IsWarning">The configuration is valid all the same.</param>
internal sealed record ConfigProblem(ConfigMark Mark, string Path, string Text, bool IsWarning = false)
{
    /// <summary>The line for people: <c>file:line:column: pools.sessions.timeout: reason</c>.</summary>
    public string Format(string file)
    {
        var warning = IsWarning ? "warning: " : "";
        var path = Path.Length > 0 ? $"{Path}: " : "";
        return OnOneLine($"{file}:{Mark.Line}:{Mark.Column}: {warning}{path}{Text}");
    }

    // What was written is repeated, and quotes allow anything there.
    private static string OnOneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(Printable)) : text;

    private static string Printable(char letter) => char.IsControl(letter) ? $"\\x{(int)letter:x2}" : letter.ToString();
}
