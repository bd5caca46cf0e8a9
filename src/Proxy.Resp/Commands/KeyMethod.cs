namespace Proxy.Resp.Commands;

/// <summary>How a command's keys are found among its arguments.</summary>
internal enum KeyMethod
{
    /// <summary>By its key specifications alone.</summary>
    Specs,

    /// <summary>One key, always at the same place: <see cref="CommandInfo.OnlyKey"/>.</summary>
    OnlyKey,

    /// <summary>It takes no keys.</summary>
    None,

    /// <summary>Alternating keys and values to the end; a missing value is a wrong number of arguments: `MSET a 1 b`.</summary>
    Pairs,

    /// <summary>`EVAL script numkeys key… arg…`, where Redis tells a wrong number of keys first of all.</summary>
    Script,

    /// <summary>`EVALSHA digest numkeys key… arg…`: the same, but Redis looks at the digest before.</summary>
    ScriptByDigest,

    /// <summary>`SORT key [BY pattern] [LIMIT offset count] [GET pattern …] [STORE destination]`: STORE may stand anywhere.</summary>
    Sort,

    /// <summary>`GEORADIUS key longitude latitude radius unit … [STORE key] [STOREDIST key]`: the last of both counts.</summary>
    GeoRadius,

    /// <summary>`MIGRATE host port key|"" … [KEYS key …]`.</summary>
    Migrate,

    /// <summary>`XREAD [COUNT n] [BLOCK ms] STREAMS key… id…`: as many identifiers as keys.</summary>
    Streams,
}
