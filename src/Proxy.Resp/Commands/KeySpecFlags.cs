namespace Proxy.Resp.Commands;

/// <summary>What a command does with the keys of one key specification, in Redis's own words (https://redis.io/docs/latest/develop/reference/key-specs/).</summary>
[Flags]
internal enum KeySpecFlags : ushort
{
    None = 0,

    /// <summary>`RO`: reads the value, does not change it.</summary>
    ReadsOnly = 1 << 0,

    /// <summary>`RW`: changes the value and depends on it.</summary>
    ReadsAndWrites = 1 << 1,

    /// <summary>`OW`: overwrites the value, whatever it was.</summary>
    Overwrites = 1 << 2,

    /// <summary>`RM`: removes the key.</summary>
    Removes = 1 << 3,
    Access = 1 << 4,
    Update = 1 << 5,
    Insert = 1 << 6,
    Delete = 1 << 7,

    /// <summary>Not a key at all, but a word that is routed like one (a shard channel).</summary>
    NotKey = 1 << 8,

    /// <summary>The specification does not find all keys in every case.</summary>
    Incomplete = 1 << 9,

    /// <summary>The other flags depend on the arguments.</summary>
    VariableFlags = 1 << 10,
}
