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
        var variable = command.KeySpecs.Any(spec => (spec.Flags & KeySpecFlags.VariableFlags) != 0);
        if (variable)
        {
            // One key, always: SET and BITFIELD.
            into.Add(command.OnlyKey, VariableFlags(command, arguments));
        }
        else if (!TrySpecs(command, arguments, into))
        {
            into.Clear();
            if (command.KeyMethod is KeyMethod.Sort or KeyMethod.GeoRadius or KeyMethod.Migrate
                && OptionKeys.Find(command, arguments, into) != KeySearch.Found)
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

    private static KeySpecFlags VariableFlags(CommandInfo command, in RequestArguments arguments)
    {
        const KeySpecFlags ReadsAndWrites = KeySpecFlags.ReadsAndWrites | KeySpecFlags.Access | KeySpecFlags.Update;
        return command.Name == "set"
            ? SetReturnsOldValue(arguments) ? ReadsAndWrites : KeySpecFlags.Overwrites | KeySpecFlags.Update
            : BitFieldOnlyReads(arguments) ? KeySpecFlags.ReadsOnly | KeySpecFlags.Access : ReadsAndWrites;
    }

    // SET key value … GET
    private static bool SetReturnsOldValue(in RequestArguments arguments)
    {
        for (var i = 3; i < arguments.Count; i++)
        {
            if (arguments.Is(i, "GET"u8))
            {
                return true;
            }
        }

        return false;
    }

    // BITFIELD key [GET encoding offset | OVERFLOW … | SET … | INCRBY …] ...
    private static bool BitFieldOnlyReads(in RequestArguments arguments)
    {
        for (var i = 2; i < arguments.Count;)
        {
            var rest = arguments.Count - i - 1;
            if (arguments.Is(i, "GET"u8) && rest >= 2)
            {
                i += 3;
            }
            else if (arguments.Is(i, "OVERFLOW"u8) && rest >= 1)
            {
                i += 2;
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
