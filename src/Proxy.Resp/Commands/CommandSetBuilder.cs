using System.Collections.Immutable;

namespace Proxy.Resp.Commands;

/// <summary>Joins the rows of the generated table with what the proxy does with each.</summary>
internal static class CommandSetBuilder
{
    /// <param name="version">Version of the server that the rows are of.</param>
    /// <param name="rows">Commands and subcommands in any order.</param>
    public static CommandSet Build(string version, IEnumerable<CommandRow> rows)
    {
        var facts = rows.ToList();
        var verdicts = CommandOverlay.Rows.ToDictionary(verdict => verdict.Name, StringComparer.Ordinal);
        var ours = CommandOverlay.Rows.Where(verdict => verdict.Arity is not null).Select(verdict => Ours(verdict, facts));
        var sorted = facts.Concat(ours).DistinctBy(row => row.Name).OrderBy(row => row.Name, StringComparer.Ordinal).ToList();

        // Subcommands first, since a container holds its own; `|` sorts behind all letters, so the dense index follows the names as people sort them.
        var index = sorted.Select((row, at) => (row.Name, at)).ToDictionary(pair => pair.Name, pair => pair.at, StringComparer.Ordinal);
        var subcommands = sorted.Where(row => row.Container is not null).Select(row => Make(row, [])).ToLookup(command => command.Row.Container!);
        var roots = sorted.Where(row => row.Container is null).Select(row => Make(row, [.. subcommands[row.Name]])).ToImmutableArray();
        return new CommandSet(version, roots);

        CommandInfo Make(CommandRow row, ImmutableArray<CommandInfo> children)
        {
            var verdict = verdicts.GetValueOrDefault(row.Name) ?? CommandOverlay.ByRule(row);
            return new CommandInfo(row, verdict with { Keys = Method(row, verdict.Keys) }, index[row.Name], children);
        }
    }

    private static CommandRow Ours(CommandVerdict verdict, List<CommandRow> facts) =>
        facts.Find(row => row.Name == verdict.Like) is { } like
            ? like with { Name = verdict.Name, Arity = verdict.Arity!.Value }
            : new CommandRow(verdict.Name, verdict.Arity!.Value)
            {
                FlagNames = ["noscript", "loading", "stale"],
                Flags = CommandFlags.NoScript | CommandFlags.Loading | CommandFlags.Stale,
                Categories = ["@slow", "@connection"],
            };

    /// <summary>How the keys of a command are found.</summary>
    /// <param name="row">Its facts.</param>
    /// <param name="wanted">As its verdict says; <see cref="KeyMethod.Specs"/> if it says nothing.</param>
    public static KeyMethod Method(CommandRow row, KeyMethod wanted) => wanted switch
    {
        not KeyMethod.Specs => wanted,
        _ when !row.TakesKeys => KeyMethod.None,
        _ when row.KeySpecs is [{ IsOneFixedKey: true }] => KeyMethod.OnlyKey,
        _ => KeyMethod.Specs,
    };
}
