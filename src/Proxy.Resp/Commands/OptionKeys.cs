namespace Proxy.Resp.Commands;

/// <summary>Keys that stand behind an option, where a key specification alone is not enough. Options are read as Redis reads them on execution.</summary>
internal static class OptionKeys
{
    public static KeySearch Find(CommandInfo command, in RequestArguments arguments, KeyPositions into) => command.KeyMethod switch
    {
        KeyMethod.Sort => FindOfSort(command, arguments, into),
        KeyMethod.GeoRadius => FindOfGeoRadius(command, arguments, into),
        KeyMethod.Migrate => FindOfMigrate(command, arguments, into),
        KeyMethod.Streams => FindOfStreams(command, arguments, into),
        _ => throw new ArgumentException($"{command.Name} has no keys behind options"),
    };

    // SORT key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC|DESC] [ALPHA] [STORE destination]; the last STORE counts.
    private static KeySearch FindOfSort(CommandInfo command, in RequestArguments arguments, KeyPositions into)
    {
        into.Add(1, command.FirstKeyFlags);
        var store = 0;
        for (var i = 2; i < arguments.Count; i++)
        {
            if (arguments.Is(i, "LIMIT"u8))
            {
                i += 2;
            }
            else if (arguments.Is(i, "GET"u8) || arguments.Is(i, "BY"u8))
            {
                i++;
            }
            else if (command.IsWrite && arguments.Is(i, "STORE"u8) && i + 1 < arguments.Count)
            {
                store = ++i;
            }
        }

        return WithDestination(store, into);
    }

    // GEORADIUS key longitude latitude radius unit ... [STORE key] [STOREDIST key]; the last of both counts.
    private static KeySearch FindOfGeoRadius(CommandInfo command, in RequestArguments arguments, KeyPositions into)
    {
        into.Add(1, command.FirstKeyFlags);
        var store = 0;
        for (var i = -command.Arity; i < arguments.Count - 1; i++)
        {
            if (arguments.Is(i, "COUNT"u8))
            {
                i++;
            }
            else if (arguments.Is(i, "STORE"u8) || arguments.Is(i, "STOREDIST"u8))
            {
                store = ++i;
            }
        }

        return WithDestination(store, into);
    }

    private static KeySearch WithDestination(int position, KeyPositions into)
    {
        if (position > 0)
        {
            into.Add(position, KeySpecFlags.Overwrites | KeySpecFlags.Update);
        }

        return KeySearch.Found;
    }

    // MIGRATE host port key|"" db timeout [COPY] [REPLACE] [AUTH password | AUTH2 user password] [KEYS key [key ...]]
    private static KeySearch FindOfMigrate(CommandInfo command, in RequestArguments arguments, KeyPositions into)
    {
        var i = 6;
        while (i < arguments.Count && !arguments.Is(i, "KEYS"u8))
        {
            i += arguments.Is(i, "AUTH"u8) ? 2 : arguments.Is(i, "AUTH2"u8) ? 3 : 1;
        }

        var many = i < arguments.Count;
        if (many && !arguments[3].IsEmpty)
        {
            return KeySearch.Invalid;
        }

        var first = many ? i + 1 : 3;
        var last = many ? arguments.Count - 1 : 3;
        for (var key = first; key <= last; key++)
        {
            into.Add(key, command.FirstKeyFlags);
        }

        return into.Count > 0 ? KeySearch.Found : KeySearch.Invalid;
    }

    // XREADGROUP GROUP group consumer [COUNT n] [BLOCK ms] [NOACK] STREAMS key ... id ...
    private static KeySearch FindOfStreams(CommandInfo command, in RequestArguments arguments, KeyPositions into)
    {
        var i = 1;
        while (i < arguments.Count && !arguments.Is(i, "STREAMS"u8))
        {
            i += arguments.Is(i, "GROUP"u8) ? 3 : arguments.Is(i, "COUNT"u8) || arguments.Is(i, "BLOCK"u8) ? 2 : 1;
        }

        var first = i + 1;
        var rest = arguments.Count - first;
        if (rest <= 0 || rest % 2 != 0)
        {
            return KeySearch.Invalid;
        }

        for (var key = first; key < first + (rest / 2); key++)
        {
            into.Add(key, command.FirstKeyFlags);
        }

        return KeySearch.Found;
    }
}
