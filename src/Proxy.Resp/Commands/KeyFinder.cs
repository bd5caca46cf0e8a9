namespace Proxy.Resp.Commands;

/// <summary>
/// The keys of a request as the server will see them. Where Redis's own COMMAND GETKEYS is less exact than its execution of a command, this follows
/// the execution.
/// </summary>
internal static class KeyFinder
{
    // SHA-1 in hexadecimal; with any other length EVALSHA answers NOSCRIPT, whatever follows.
    private const int DigestLength = 40;

    /// <summary>Clears <paramref name="into"/> and fills it with the positions of the keys. Does not allocate, unless it has to grow.</summary>
    /// <param name="command">The command, resolved, with a right number of arguments.</param>
    /// <param name="frame">The request.</param>
    /// <param name="into">The keys in the order of their specifications; without meaning unless the result is <see cref="KeySearch.Found"/>.</param>
    public static KeySearch Find(CommandInfo command, in RequestFrame frame, KeyPositions into)
    {
        into.Clear();
        if (command.OnlyKey > 0)
        {
            into.Add(command.OnlyKey, command.FirstKeyFlags);
            return KeySearch.Found;
        }

        return FindMany(command, new RequestArguments(frame), into);
    }

    private static KeySearch FindMany(CommandInfo command, in RequestArguments arguments, KeyPositions into) => command.KeyMethod switch
    {
        KeyMethod.None => KeySearch.NoKeys,
        KeyMethod.Pairs => FindPairs(command, arguments, into),
        KeyMethod.ScriptByDigest when arguments[1].Length != DigestLength => KeySearch.Invalid,
        KeyMethod.Script or KeyMethod.ScriptByDigest => FindOfScript(command, arguments, into),
        KeyMethod.Specs => FindBySpecs(command, arguments, into),
        _ => OptionKeys.Find(command, arguments, into),
    };

    private static KeySearch FindBySpecs(CommandInfo command, in RequestArguments arguments, KeyPositions into)
    {
        foreach (var spec in command.KeySpecs)
        {
            var outcome = KeySpecSearch.Find(spec, arguments, into);
            if (outcome == KeySpecOutcome.OutOfRange && spec.FindKeys.Kind == FindKeysKind.KeyNum)
            {
                return NoKeysWanted(command, spec, arguments) ? KeySearch.NoKeys : KeySearch.Invalid;
            }
        }

        // A range that begins beyond the last argument has no keys: `PFMERGE destination`.
        return into.Count > 0 ? KeySearch.Found : KeySearch.Invalid;
    }

    // `FCALL f 0` is right, `ZUNION 0` is not.
    private static bool NoKeysWanted(CommandInfo command, KeySpec spec, in RequestArguments arguments) =>
        (command.Flags & CommandFlags.NoMandatoryKeys) != 0
        && KeySpecSearch.TryReadKeyCount(arguments, spec.BeginSearch.Index + spec.FindKeys.KeyNumIndex, out var keys)
        && keys == 0;

    // MSET key value [key value ...]
    private static KeySearch FindPairs(CommandInfo command, in RequestArguments arguments, KeyPositions into)
    {
        if (arguments.Count % 2 == 0)
        {
            return KeySearch.WrongArity;
        }

        for (var i = 1; i < arguments.Count; i += 2)
        {
            into.Add(i, command.FirstKeyFlags);
        }

        return KeySearch.Found;
    }

    // EVAL script numkeys [key ...] [arg ...]
    private static KeySearch FindOfScript(CommandInfo command, in RequestArguments arguments, KeyPositions into)
    {
        if (!KeySpecSearch.TryReadKeyCount(arguments, 2, out var keys))
        {
            return KeySearch.KeyCountNotInteger;
        }

        if (keys > arguments.Count - 3)
        {
            return KeySearch.KeyCountTooLarge;
        }

        if (keys <= 0)
        {
            return keys < 0 ? KeySearch.KeyCountNegative : KeySearch.NoKeys;
        }

        for (var i = 3; i < 3 + keys; i++)
        {
            into.Add(i, command.FirstKeyFlags);
        }

        return KeySearch.Found;
    }
}
