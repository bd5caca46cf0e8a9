namespace Proxy.Resp.Commands;

/// <summary>Applies one key specification to the arguments of a request (https://redis.io/docs/latest/develop/reference/key-specs/).</summary>
internal static class KeySpecSearch
{
    /// <summary>Appends the keys of <paramref name="spec"/>, or nothing unless the outcome is <see cref="KeySpecOutcome.Found"/>.</summary>
    public static KeySpecOutcome Find(KeySpec spec, in RequestArguments arguments, KeyPositions into)
    {
        var begin = Begin(spec.BeginSearch, arguments);
        if (begin <= 0)
        {
            return begin < 0 ? KeySpecOutcome.Unknown : KeySpecOutcome.Absent;
        }

        var find = spec.FindKeys;
        long first = begin;
        long last;
        switch (find.Kind)
        {
            case FindKeysKind.Range:
                last = LastOfRange(find, begin, arguments.Count);
                break;
            case FindKeysKind.KeyNum when TryReadKeyCount(arguments, begin + find.KeyNumIndex, out var keys):
                first = begin + find.FirstKey;
                // A number beyond all arguments must not overflow.
                last = first - 1 + (Math.Clamp(keys, -1, arguments.Count) * find.KeyStep);
                break;
            default:
                return find.Kind == FindKeysKind.KeyNum ? KeySpecOutcome.OutOfRange : KeySpecOutcome.Unknown;
        }

        if (first >= arguments.Count || last >= arguments.Count || last < first)
        {
            return KeySpecOutcome.OutOfRange;
        }

        for (var at = (int)first; at <= last; at += find.KeyStep)
        {
            into.Add(at, spec.Flags);
        }

        return KeySpecOutcome.Found;
    }

    /// <summary>A number of keys, in 64 bits and as Redis writes numbers; false if there is no such argument or it is none.</summary>
    public static bool TryReadKeyCount(in RequestArguments arguments, int index, out long count)
    {
        count = 0;
        return index < arguments.Count && IntegerParser.TryParse(arguments[index], out count);
    }

    // Position of the argument where the keys begin; 0 if the keyword is absent, -1 if the specification does not know.
    private static int Begin(BeginSearch begin, in RequestArguments arguments)
    {
        switch (begin.Kind)
        {
            case BeginSearchKind.Index:
                return begin.Index;
            case BeginSearchKind.Keyword:
                return begin.StartFrom >= 0 ? Forwards(begin, arguments) : Backwards(begin, arguments);
            default:
                return -1;
        }
    }

    private static int Forwards(BeginSearch begin, in RequestArguments arguments)
    {
        for (var i = begin.StartFrom; i < arguments.Count - 1; i++)
        {
            if (OptionWord.Is(arguments[i], begin.Keyword))
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static int Backwards(BeginSearch begin, in RequestArguments arguments)
    {
        for (var i = arguments.Count + begin.StartFrom; i > 1; i--)
        {
            if (OptionWord.Is(arguments[i], begin.Keyword))
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static long LastOfRange(FindKeys find, int begin, int count)
    {
        if (find.LastKey >= 0)
        {
            return begin + find.LastKey;
        }

        // `STREAMS a b 0 0`: of the arguments from `begin` on, the first half.
        return find.Limit <= 1 ? count + find.LastKey : begin + ((count - begin) / find.Limit) + find.LastKey;
    }
}
