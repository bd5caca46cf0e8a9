using System.Collections.Immutable;
using System.Text;

namespace Proxy.Resp.Commands.Learnt;

/// <summary>
/// The commands that the servers of a pool have and the built-in table has not: all that any of them tells, and of two that tell different things
/// the first. Immutable.
/// </summary>
/// <remarks>The built-in table always comes first: nothing that a server says changes what becomes of a command that the proxy knows.</remarks>
internal sealed class LearntCommands
{
    /// <summary>No server told of any.</summary>
    public static readonly LearntCommands None = new([]);

    /// <summary>Commands and subcommands of all servers together.</summary>
    private const int MaxRows = 2 * ReportReader.MaxRows;

    private readonly CommandNameMap _roots;
    private readonly Dictionary<CommandInfo, ImmutableArray<CommandInfo>> _extensions = [];
    private readonly Dictionary<CommandInfo, CommandNameMap> _extensionNames = [];

    private LearntCommands(IEnumerable<CommandRow> rows)
    {
        var kept = rows.DistinctBy(row => row.Name).Take(MaxRows).OrderBy(row => row.Name, StringComparer.Ordinal).ToList();
        var subcommands = kept.Where(row => row.Container is not null).Select(row => Make(row, [])).ToLookup(command => command.Row.Container!);
        Roots = [.. kept.Where(row => row.Container is null).Select(row => Make(row, [.. subcommands[row.Name]]))];
        _roots = new CommandNameMap(Roots);
        foreach (var extension in subcommands)
        {
            if (CommandTable.Find(Encoding.ASCII.GetBytes(extension.Key)) is { } container && LearntOverlay.MayExtend(container))
            {
                _extensions.Add(container, [.. extension]);
                _extensionNames.Add(container, new CommandNameMap([.. extension]));
            }
        }
    }

    /// <summary>Commands without their subcommands, by name.</summary>
    public ImmutableArray<CommandInfo> Roots { get; }

    /// <summary>All of them: commands, their subcommands, and subcommands that servers have beside those of the built-in table.</summary>
    public IEnumerable<CommandInfo> All =>
        Roots.SelectMany(root => root.Subcommands.Prepend(root)).Concat(_extensions.Values.SelectMany(subcommands => subcommands));

    /// <summary>Joins what servers told.</summary>
    /// <param name="reports">Each once, in the order of the servers.</param>
    public static LearntCommands Of(IEnumerable<CommandReport> reports)
    {
        var different = reports.Where(report => report.Rows.Length > 0).ToList();
        return different.Count == 0 ? None : new LearntCommands(different.SelectMany(report => report.Rows));
    }

    /// <summary>The command (not a subcommand) of that name in any case, or null. Only those that were learnt.</summary>
    public CommandInfo? Find(ReadOnlySpan<byte> name) => _roots.Find(name);

    /// <summary>The command or subcommand of that full name in any case, learnt or built in: `json.get`, `client|id`, or null.</summary>
    public CommandInfo? FindFullName(ReadOnlySpan<byte> name)
    {
        if (CommandTable.FindFullName(name) is { } known)
        {
            return known;
        }

        var bar = name.IndexOf((byte)'|');
        if (bar < 0)
        {
            return Find(name);
        }

        return CommandTable.Find(name[..bar]) is { } container
            ? FindExtension(container, name[(bar + 1)..])
            : Find(name[..bar])?.FindSubcommand(name[(bar + 1)..]);
    }

    /// <summary>A subcommand of a container of the built-in table, which has it not; or null.</summary>
    public CommandInfo? FindExtension(CommandInfo container, ReadOnlySpan<byte> shortName) =>
        _extensionNames.TryGetValue(container, out var subcommands) ? subcommands.Find(shortName) : null;

    /// <summary>All such subcommands of a container of the built-in table.</summary>
    public ImmutableArray<CommandInfo> ExtensionsOf(CommandInfo container) =>
        _extensions.TryGetValue(container, out var subcommands) ? subcommands : [];

    /// <inheritdoc cref="CommandTable.Resolve(in RequestArguments, out CommandInfo?)"/>
    public CommandLookup Resolve(in RequestArguments arguments, out CommandInfo? command)
    {
        var lookup = CommandTable.Resolve(arguments, out command);
        switch (lookup)
        {
            case CommandLookup.UnknownCommand:
                command = Find(arguments[0]);
                break;
            case CommandLookup.UnknownSubcommand when FindExtension(command!, arguments[1]) is { } extension:
                command = extension;
                break;
            default:
                return lookup;
        }

        if (command is null)
        {
            return CommandLookup.UnknownCommand;
        }

        if (command.HasSubcommands && arguments.Count > 1)
        {
            if (command.FindSubcommand(arguments[1]) is not { } subcommand)
            {
                return CommandLookup.UnknownSubcommand;
            }

            command = subcommand;
        }

        return command.AcceptsArity(arguments.Count) ? CommandLookup.Found : CommandLookup.WrongArity;
    }

    private static CommandInfo Make(CommandRow told, ImmutableArray<CommandInfo> subcommands)
    {
        var row = LearntOverlay.Complete(told);
        var keys = row.TakesKeys ? CommandSetBuilder.Method(row, KeyMethod.Specs) : KeyMethod.None;
        if (keys == KeyMethod.OnlyKey && !HasItAlways(row))
        {
            // Most modules do not tell how many arguments their commands have.
            keys = KeyMethod.Specs;
        }

        return new CommandInfo(row, LearntOverlay.VerdictOf(row) with { Keys = keys }, CommandTable.OtherIndex, subcommands) { IsLearnt = true };
    }

    private static bool HasItAlways(CommandRow row) => Math.Abs(row.Arity) > row.KeySpecs[0].BeginSearch.Index;
}
