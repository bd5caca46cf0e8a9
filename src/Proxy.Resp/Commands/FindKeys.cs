namespace Proxy.Resp.Commands;

/// <summary>Second step of a key specification: the keys, counted from the argument where it begins.</summary>
internal readonly record struct FindKeys(FindKeysKind Kind)
{
    /// <summary>Range: the last key, counted from the first; negative counts from the last argument (-1).</summary>
    public int LastKey { get; init; }

    /// <summary>Range: with a last key of -1, which part of the remaining arguments are keys: 2 for the first half; 0 and 1 for all.</summary>
    public int Limit { get; init; }

    /// <summary>KeyNum: the argument with the number of keys.</summary>
    public int KeyNumIndex { get; init; }

    /// <summary>KeyNum: the first key.</summary>
    public int FirstKey { get; init; }

    /// <summary>From one key to the next: 2 where values stand between.</summary>
    public int KeyStep { get; init; }
}
