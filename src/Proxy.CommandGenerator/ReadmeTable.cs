using System.Text;
using Proxy.Resp.Commands;

namespace Proxy.CommandGenerator;

/// <summary>The README's table of commands: what the proxy does with each, by Redis's groups, and why where it is not obvious.</summary>
internal static class ReadmeTable
{
    private const string Section = "commands";

    private static readonly (CommandHandling[] Handlings, string Title)[] Columns =
    [
        ([CommandHandling.Forward, CommandHandling.Block], "sent to the server of its keys"),
        ([CommandHandling.Split], "split over the servers of its keys"),
        ([CommandHandling.Wait], "sent to the servers that the client wrote to"),
        ([CommandHandling.AllServers, CommandHandling.Join, CommandHandling.Keyspace, CommandHandling.Script], "sent to every server"),
        ([CommandHandling.FirstServer], "sent to the first server"),
        ([CommandHandling.Channel], "Pub/Sub"),
        ([CommandHandling.Answer, CommandHandling.Session], "answered by the proxy"),
        ([CommandHandling.Refuse], "not supported"),
    ];

    /// <summary>The text with what stands between the markers replaced by the table; markers are appended if there are none.</summary>
    public static string Replace(string readme, CommandSet commands, CommandDocs docs) => ReadmeSection.Replace(readme, Section, Render(commands, docs));

    public static string Render(CommandSet commands, CommandDocs docs)
    {
        var text = new StringBuilder();
        text.Append("The commands of Redis ").Append(commands.SourceVersion).Append(", by Redis's groups. ");
        text.Append("Keys of one command that lie on different servers are answered with `CROSSSLOT`, unless the command is split, or computed with [`cross_server`](#cross-server-commands).\n\n");
        text.Append("| group | ").AppendJoin(" | ", Columns.Select(column => column.Title)).Append(" |\n");
        text.Append("|---|").Append(string.Concat(Columns.Select(_ => "---|"))).Append('\n');
        foreach (var group in commands.Roots.GroupBy(command => docs.Group(command) ?? "other").OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var shown = group.SelectMany(Shown).ToList();
            text.Append("| ").Append(group.Key).Append(" |");
            foreach (var (handlings, _) in Columns)
            {
                var names = shown.Where(row => handlings.Contains(row.Handling)).Select(row => $"`{row.Name}`").ToList();
                text.Append(names.Count == 0 ? "" : " ").AppendJoin(' ', names).Append(" |");
            }

            text.Append('\n');
        }

        text.Append("\n| command | remark |\n|---|---|\n");
        foreach (var command in commands.All.Where(command => command.Reason.Length > 0))
        {
            text.Append("| `").Append(Title(command)).Append("` | ").Append(command.Reason).Append(" |\n");
        }

        return text.ToString();
    }

    // A container is shown by its subcommands, or as one word if they are all treated alike.
    private static IEnumerable<(string Name, CommandHandling Handling)> Shown(CommandInfo command)
    {
        if (!command.HasSubcommands)
        {
            return [(Title(command), command.Handling)];
        }

        // COMMAND is a container and a command; the others do nothing without a subcommand.
        var runs = command.AcceptsArity(1);
        var alike = command.Subcommands.All(subcommand => subcommand.Handling == command.Subcommands[0].Handling);
        if (alike && (!runs || command.Handling == command.Subcommands[0].Handling))
        {
            return [(Title(command), command.Subcommands[0].Handling)];
        }

        var subcommands = command.Subcommands.Select(subcommand => (Title(subcommand), subcommand.Handling));
        return runs ? subcommands.Prepend((Title(command), command.Handling)) : subcommands;
    }

    private static string Title(CommandInfo command) => command.Name.Replace('|', ' ').ToUpperInvariant();
}
