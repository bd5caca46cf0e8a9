using System.Text;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Core.Configuration;

/// <summary>Names of commands in the file. A misspelt one would be let through silently.</summary>
internal static class CommandNames
{
    /// <summary>
    /// What is wrong with a name; null if nothing is. Beside the commands that the proxy knows it may be one of a later version of Redis, or of a
    /// module: those have a point in their names (`json.get`), and only the servers know them.
    /// </summary>
    public static string? ProblemOf(string name) =>
        CommandTable.FindFullName(Encoding.UTF8.GetBytes(name)) is not null
            || IsOfModule(name)
            || LaterCommands.Find(name.ToLowerInvariant()) is not null
            ? null
            : $"there is no command '{name}'{Spelling.Suggest(name, CommandTable.All.Select(known => known.Name))}";

    private static bool IsOfModule(string name) => name.IndexOf('.') > 0 && name.All(letter => char.IsAscii(letter) && !char.IsWhiteSpace(letter));
}
