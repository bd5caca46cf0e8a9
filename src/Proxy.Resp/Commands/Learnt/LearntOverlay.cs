using System.Collections.Immutable;

namespace Proxy.Resp.Commands.Learnt;

/// <summary>
/// What the proxy does with the commands that only its servers know: rules, as for the built-in ones without a row of their own
/// (<see cref="CommandOverlay"/>), and the few of which servers do not tell where all their keys are.
/// </summary>
internal static class LearntOverlay
{
    // What these speak of is the connection itself, which is the client's to the proxy, or one that others share.
    private const CommandFlags OfTheConnection = CommandFlags.PubSub | CommandFlags.NoAuth | CommandFlags.Asking;

    private const KeySpecFlags Reads = KeySpecFlags.ReadsOnly | KeySpecFlags.Access;
    private const KeySpecFlags Writes = KeySpecFlags.ReadsAndWrites | KeySpecFlags.Access | KeySpecFlags.Update;

    /// <summary>
    /// Their servers tell of one key, or of none, although the others have to be on the same server too: sent by the first alone they would find
    /// nothing there, and say so.
    /// </summary>
    private static readonly Dictionary<string, ImmutableArray<KeySpec>> Keys = new(StringComparer.Ordinal)
    {
        // JSON.MGET key [key ...] path
        ["json.mget"] = [Spec(Reads, Index(1), Range(-2))],

        // CMS.MERGE destination numkeys source [source ...] [WEIGHTS ...]; TDIGEST.MERGE alike.
        ["cms.merge"] = [Spec(Writes, Index(1), Range(0)), Spec(Reads, Index(2), KeyNum)],
        ["tdigest.merge"] = [Spec(Writes, Index(1), Range(0)), Spec(Reads, Index(2), KeyNum)],

        // TS.CREATERULE source destination AGGREGATION ...
        ["ts.createrule"] = [Spec(Writes, Index(1), Range(1))],
        ["ts.deleterule"] = [Spec(Writes, Index(1), Range(1))],
    };

    private static FindKeys KeyNum => new(FindKeysKind.KeyNum) { KeyNumIndex = 0, FirstKey = 1, KeyStep = 1 };

    /// <summary>The row with all its keys, where the server does not tell them.</summary>
    public static CommandRow Complete(CommandRow row) => Keys.TryGetValue(row.Name, out var keys) ? row with { KeySpecs = keys } : row;

    /// <summary>What the proxy does with a command. Its row is complete.</summary>
    public static CommandVerdict VerdictOf(CommandRow row)
    {
        if ((row.Flags & OfTheConnection) != 0 || row.Categories.Any(category => category is "@connection" or "@transaction" or "@pubsub"))
        {
            return new CommandVerdict(row.Name, CommandHandling.Refuse, "concerns the connection") { Alone = CommandHandling.Refuse };
        }

        if (IsOfAnIndex(row.Name))
        {
            return Refuse(row, "an index knows only the keys of its own server");
        }

        if (HidesKeys(row))
        {
            return Refuse(row, "servers do not tell where its keys are");
        }

        var blocks = (row.Flags & CommandFlags.Blocking) != 0;
        if (row.TakesKeys)
        {
            return new CommandVerdict(row.Name, blocks ? CommandHandling.Block : CommandHandling.Forward, "");
        }

        return !blocks && IsForAll(row) ? new CommandVerdict(row.Name, CommandHandling.AllServers, "") : Refuse(row, "");
    }

    /// <summary>
    /// Whether a subcommand that a server has beside those of the built-in table is taken. Where the container speaks of the connection, of the
    /// cluster that the proxy hides, or of what the proxy itself knows, one that the proxy does not know must not pass as known.
    /// </summary>
    public static bool MayExtend(CommandInfo container) =>
        container.HasSubcommands && container.Name is not ("client" or "cluster" or "command" or "proxy" or "pubsub");

    /// <summary>
    /// Whether a command belongs to a category for a user's rules: as the server tells, and as its flags say. Before Redis 7.2 servers tell of no
    /// categories of modules' commands, and `-@write` would let them through.
    /// </summary>
    public static bool IsOf(CommandRow row, string category) => row.Categories.Contains(category) || ImpliedBy(row.Flags).Contains(category);

    /// <summary>
    /// Whether some of its keys cannot be found: it says so, or it finds keys in a way of its own, which servers show by calling keys movable that
    /// all lie in plain ranges.
    /// </summary>
    public static bool HidesKeys(CommandRow row)
    {
        if (Keys.ContainsKey(row.Name))
        {
            return false;
        }

        var isVague = row.KeySpecs.Any(spec =>
            (spec.Flags & KeySpecFlags.Incomplete) != 0
            || spec.BeginSearch.Kind == BeginSearchKind.Unknown
            || spec.FindKeys.Kind == FindKeysKind.Unknown);
        return isVague || ((row.Flags & CommandFlags.MovableKeys) != 0 && AreInOneRange(row.KeySpecs));
    }

    // As Redis decides whether its old way of telling keys, the first, the last and a step, tells all of them.
    private static bool AreInOneRange(ImmutableArray<KeySpec> specs)
    {
        if (specs.Any(spec => spec.BeginSearch.Kind != BeginSearchKind.Index || spec.FindKeys.Kind != FindKeysKind.Range))
        {
            return false;
        }

        for (var i = 1; i < specs.Length; i++)
        {
            var (before, spec) = (specs[i - 1], specs[i]);
            if (before.FindKeys.KeyStep != 1 || spec.FindKeys.KeyStep != 1
                || before.BeginSearch.Index + before.FindKeys.LastKey + 1 != spec.BeginSearch.Index)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsForAll(CommandRow row) =>
        row.RequestPolicy is RequestPolicy.AllNodes or RequestPolicy.AllShards
        && row.ResponsePolicy is ResponsePolicy.AllSucceeded or ResponsePolicy.AggSum;

    // Queries of an index, whose name some versions tell as if it were a key; suggestions (FT.SUGADD …) are keys.
    private static bool IsOfAnIndex(string name) =>
        (name.StartsWith("ft.", StringComparison.Ordinal) && !name.StartsWith("ft.sug", StringComparison.Ordinal))
        || name.StartsWith("_ft.", StringComparison.Ordinal)
        || name.StartsWith("search.", StringComparison.Ordinal);

    private static IEnumerable<string> ImpliedBy(CommandFlags flags)
    {
        if ((flags & CommandFlags.Write) != 0)
        {
            yield return "@write";
        }

        if ((flags & CommandFlags.ReadOnly) != 0)
        {
            yield return "@read";
        }

        if ((flags & CommandFlags.Admin) != 0)
        {
            yield return "@admin";
            yield return "@dangerous";
        }

        if ((flags & CommandFlags.Blocking) != 0)
        {
            yield return "@blocking";
        }

        yield return (flags & CommandFlags.Fast) != 0 ? "@fast" : "@slow";
    }

    // One server has all that there is.
    private static CommandVerdict Refuse(CommandRow row, string reason) => new(row.Name, CommandHandling.Refuse, reason)
    {
        Alone = (row.Flags & CommandFlags.Blocking) != 0 ? CommandHandling.Block : CommandHandling.FirstServer,
    };

    private static KeySpec Spec(KeySpecFlags flags, BeginSearch begin, FindKeys find) =>
        new(flags, begin, find) { FlagNames = [.. KeySpecFlagNames.InOrder.Where(named => (flags & named.Flag) != 0).Select(named => named.Name)] };

    private static BeginSearch Index(int index) => new(BeginSearchKind.Index) { Index = index };

    private static FindKeys Range(int lastKey) => new(FindKeysKind.Range) { LastKey = lastKey, KeyStep = 1 };
}
