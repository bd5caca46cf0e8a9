using Proxy.Core.Model;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Core.Configuration;

/// <summary>Redis's words for what a user may run: <c>+@all</c>, <c>-@dangerous</c>, <c>+client|list</c>, from left to right.</summary>
internal static class CommandRules
{
    private static readonly string[] Categories =
        [.. CommandTable.All.SelectMany(command => command.Row.Categories).Append("@all").Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What is wrong with a rule; null if nothing is.</summary>
    public static string? ProblemOf(string rule)
    {
        var (_, what) = Parse(rule);
        if (what.StartsWith('@'))
        {
            return Categories.Contains(what) || LaterCommands.All.Any(later => later.Row.Categories.Contains(what))
                ? null
                : $"there is no category '{what}'{Spelling.Suggest(what, Categories)}";
        }

        return CommandNames.ProblemOf(what);
    }

    /// <summary>Applies rules to nothing.</summary>
    /// <returns>By index of the command: whether it is allowed.</returns>
    public static bool[] Apply(IEnumerable<string> rules)
    {
        var allowed = new bool[CommandTable.Count];
        foreach (var rule in rules)
        {
            var (isAllowed, what) = Parse(rule);
            foreach (var command in CommandTable.All)
            {
                if (Means(what, command))
                {
                    allowed[command.Index] = isAllowed;
                }
            }
        }

        return allowed;
    }

    /// <summary>The same for commands that only servers know.</summary>
    public static LearntPermissions Learnt(IEnumerable<string> rules, bool isReadOnly) => new([.. rules.Select(Parse)], isReadOnly);

    private static bool Means(string what, CommandInfo command) =>
        what == "@all"
        || (what.StartsWith('@') ? command.Row.Categories.Contains(what) : command.Name == what || command.Row.Container == what);

    private static (bool IsAllowed, string What) Parse(string rule)
    {
        rule = rule.ToLowerInvariant() switch
        {
            "allcommands" => "+@all",
            "nocommands" => "-@all",
            var other => other,
        };
        return rule.Length > 0 && rule[0] is '+' or '-' ? (rule[0] == '+', rule[1..]) : (true, rule);
    }
}
