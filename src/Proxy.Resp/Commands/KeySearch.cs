namespace Proxy.Resp.Commands;

/// <summary>What <see cref="KeyFinder"/> found.</summary>
internal enum KeySearch
{
    /// <summary>At least one key.</summary>
    Found,

    /// <summary>The command takes no keys, or this call of it has none (`EVAL script 0`).</summary>
    NoKeys,

    /// <summary>Redis certainly refuses these arguments, with an error that only a server can word: any server may be asked.</summary>
    Invalid,

    /// <summary>A value is missing, `MSET a 1 b`: `-ERR wrong number of arguments for 'mset' command`.</summary>
    WrongArity,

    /// <summary>`-ERR value is not an integer or out of range`.</summary>
    KeyCountNotInteger,

    /// <summary>`-ERR Number of keys can't be greater than number of args`.</summary>
    KeyCountTooLarge,

    /// <summary>`-ERR Number of keys can't be negative`.</summary>
    KeyCountNegative,
}
