namespace Proxy.Resp.Commands;

/// <summary>What SET and BITFIELD do with their key, where it depends on their options (<see cref="KeySpecFlags.VariableFlags"/>).</summary>
internal static class VariableKeyFlags
{
    /// <summary>The flags of the one key of SET or BITFIELD; of a command that servers told of, the strongest.</summary>
    public static KeySpecFlags Of(CommandInfo command, in RequestArguments arguments)
    {
        const KeySpecFlags ReadsAndWrites = KeySpecFlags.ReadsAndWrites | KeySpecFlags.Access | KeySpecFlags.Update;
        if (command.IsLearnt)
        {
            return ReadsAndWrites;
        }

        return command.Name == "set"
            ? SetReturnsOldValue(arguments) ? ReadsAndWrites : KeySpecFlags.Overwrites | KeySpecFlags.Update
            : BitFieldOnlyReads(arguments) ? KeySpecFlags.ReadsOnly | KeySpecFlags.Access : ReadsAndWrites;
    }

    // SET key value [options ... GET]
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
