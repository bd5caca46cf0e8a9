using System.Collections.Immutable;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Core.Model;

/// <summary>
/// What a user may run of the commands that only servers know: the rules as they are written, by name, container and category, since nobody knows
/// these commands when the file is read. Immutable.
/// </summary>
/// <param name="Rules">From left to right: whether what they mean is allowed, and what that is, `@all`, `@read`, `json.get`, in lower case.</param>
/// <param name="IsReadOnly">Only what is flagged `readonly`, and cannot do more.</param>
internal sealed record LearntPermissions(ImmutableArray<(bool IsAllowed, string What)> Rules, bool IsReadOnly)
{
    /// <summary>Every command.</summary>
    public static readonly LearntPermissions All = new([(true, "@all")], IsReadOnly: false);

    /// <summary>True if there is nothing that it does not allow.</summary>
    public bool AllowsAll
    {
        get
        {
            var all = Rules.LastIndexOf((true, "@all"));
            return !IsReadOnly && all >= 0 && Rules[all..].All(rule => rule.IsAllowed);
        }
    }

    /// <summary>Whether it may run a command.</summary>
    public bool Allows(CommandInfo command)
    {
        var isAllowed = false;
        foreach (var (allows, what) in Rules)
        {
            if (Means(what, command))
            {
                isAllowed = allows;
            }
        }

        return isAllowed && (!IsReadOnly || (command.IsReadOnly && !command.MayReplicate));
    }

    /// <summary>Whether both say the same.</summary>
    public bool Equals(LearntPermissions? other) => other is not null && IsReadOnly == other.IsReadOnly && Rules.SequenceEqual(other.Rules);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rules.Length, IsReadOnly);

    private static bool Means(string what, CommandInfo command) =>
        what == "@all" || (what.StartsWith('@') ? LearntOverlay.IsOf(command.Row, what) : command.Name == what || command.Row.Container == what);
}
