using System.Globalization;
using System.Text;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.CommandGenerator;

/// <summary>
/// The README's table of the commands that came to Redis after the built-in table was taken, as servers that have them are expected to tell.
/// </summary>
internal static class LaterReadmeTable
{
    /// <summary>Name of its markers in the README.</summary>
    public const string Section = "later commands";

    private static readonly (CommandHandling[] Handlings, string Title)[] Columns =
    [
        ([CommandHandling.Forward, CommandHandling.Block], "sent to the server of its keys"),
        ([CommandHandling.AllServers], "sent to every server"),
        ([CommandHandling.Refuse], "with several servers not supported"),
    ];

    public static string Render()
    {
        var learnt = LearntCommands.Of([CommandReport.Of([.. LaterCommands.All.Select(later => later.Row)])]);
        var shown = LaterCommands.All
            .Select(later => (later.Group, Version: Version(later), Name: Title(later.Row.Name), Handling: HandlingOf(later, learnt)))
            .OrderBy(command => command.Group, StringComparer.Ordinal)
            .ThenBy(command => command.Version, StringComparer.Ordinal)
            .ToList();
        var columns = Columns.Where(column => shown.Exists(command => column.Handlings.Contains(command.Handling))).ToList();
        var text = new StringBuilder();
        text.Append("| group | since | ").AppendJoin(" | ", columns.Select(column => column.Title)).Append(" |\n");
        text.Append("|---|---|").Append(string.Concat(columns.Select(_ => "---|"))).Append('\n');
        foreach (var group in shown.GroupBy(command => (command.Group, command.Version)))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {group.Key.Group} | {group.Key.Version} |");
            foreach (var (handlings, _) in columns)
            {
                var names = group.Where(command => handlings.Contains(command.Handling)).Select(command => $"`{command.Name}`").ToList();
                text.Append(names.Count == 0 ? "" : " ").AppendJoin(' ', names).Append(" |");
            }

            text.Append('\n');
        }

        text.Append("\n| command | remark |\n|---|---|\n");
        foreach (var reasons in learnt.All.Where(command => command.Reason.Length > 0).GroupBy(command => command.Reason))
        {
            text.Append("| ").AppendJoin(' ', reasons.Select(command => $"`{Title(command.Name)}`")).Append(" | ").Append(reasons.Key).Append(" |\n");
        }

        return text.ToString();
    }

    // 7.4.0 -> 7.4
    private static string Version(LaterCommand later) => later.Since[..later.Since.LastIndexOf('.')];

    // A subcommand that is not taken stands for nothing.
    private static CommandHandling HandlingOf(LaterCommand later, LearntCommands learnt) =>
        learnt.FindFullName(Encoding.ASCII.GetBytes(later.Row.Name))?.Handling ?? CommandHandling.Refuse;

    private static string Title(string name) => name.Replace('|', ' ').ToUpperInvariant();
}
