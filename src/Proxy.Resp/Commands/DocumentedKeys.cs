using System.Buffers.Text;

namespace Proxy.Resp.Commands;

/// <summary>
/// The keys of a request as COMMAND GETKEYS tells them, which is not always what an execution uses: it also finds keys in requests that Redis then
/// refuses, and takes words for keywords that are values. <see cref="KeyFinder"/> is the one to route by.
/// </summary>
internal static class DocumentedKeys
{
    /// <summary>Clears <paramref name="into"/> and fills it; empty if Redis finds no keys.</summary>
    public static void Find(CommandInfo command, in RequestArguments arguments, KeyPositions into)
    {
        into.Clear();
        var variable = !command.IsLearnt && command.KeySpecs.Any(spec => (spec.Flags & KeySpecFlags.VariableFlags) != 0);
        if (variable)
        {
            // One key, always: SET and BITFIELD.
            into.Add(command.OnlyKey, VariableKeyFlags.Of(command, arguments));
        }
        else if (!TrySpecs(command, arguments, into))
        {
            into.Clear();
            if (!TryFallback(command, arguments, into))
            {
                into.Clear();
            }
        }
    }

    // All specifications, or none if one of them does not know.
    private static bool TrySpecs(CommandInfo command, in RequestArguments arguments, KeyPositions into)
    {
        foreach (var spec in command.KeySpecs)
        {
            if ((spec.Flags & KeySpecFlags.NotKey) != 0)
            {
                continue;
            }

            var outcome = KeySpecSearch.Find(spec, arguments, into);
            var incomplete = outcome == KeySpecOutcome.Found && (spec.Flags & KeySpecFlags.Incomplete) != 0;
            if (outcome is KeySpecOutcome.OutOfRange or KeySpecOutcome.Unknown || incomplete)
            {
                return false;
            }
        }

        return true;
    }

    // What Redis falls back to: an older way of finding keys, a function for each family of commands. Modules have their own, which only they know.
    private static bool TryFallback(CommandInfo command, in RequestArguments arguments, KeyPositions into) => !command.IsLearnt && (
        command.KeyMethod is KeyMethod.Sort or KeyMethod.GeoRadius or KeyMethod.Migrate
            ? OptionKeys.Find(command, arguments, into) == KeySearch.Found
            : TryLooseKeyCount(command, arguments, into));

    // It reads a number of keys as C's atoi does, lists a destination last, and does not say what happens to the keys.
    private static bool TryLooseKeyCount(CommandInfo command, in RequestArguments arguments, KeyPositions into)
    {
        foreach (var spec in command.KeySpecs)
        {
            if (spec.FindKeys.Kind != FindKeysKind.KeyNum)
            {
                continue;
            }

            var first = spec.BeginSearch.Index + spec.FindKeys.FirstKey;
            var keys = LooseNumber(arguments[spec.BeginSearch.Index + spec.FindKeys.KeyNumIndex]);
            if (keys < 1 || keys > arguments.Count - first)
            {
                return false;
            }

            for (var i = first; i < first + keys; i++)
            {
                into.Add(i, KeySpecFlags.None);
            }
        }

        foreach (var spec in command.KeySpecs)
        {
            if (into.Count > 0 && spec.IsOneFixedKey)
            {
                into.Add(spec.BeginSearch.Index, KeySpecFlags.None);
            }
        }

        return into.Count > 0;
    }

    // `01`, `+1`, `1.0` are 1, `x` is 0.
    private static int LooseNumber(ReadOnlySpan<byte> text)
    {
        var start = text.TrimStart(" \t\r\n\v\f"u8);
        return Utf8Parser.TryParse(start, out int number, out _) ? number : 0;
    }
}
