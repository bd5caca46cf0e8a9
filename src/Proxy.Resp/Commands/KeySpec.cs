using System.Collections.Immutable;

namespace Proxy.Resp.Commands;

/// <summary>A key specification: where some of a command's keys are among its arguments (https://redis.io/docs/latest/develop/reference/key-specs/).</summary>
internal sealed record KeySpec(KeySpecFlags Flags, BeginSearch BeginSearch, FindKeys FindKeys)
{
    /// <summary>Redis's remark, part of COMMAND's reply; null if there is none.</summary>
    public string? Notes { get; init; }

    /// <summary><see cref="Flags"/> as COMMAND's reply has them.</summary>
    public ImmutableArray<string> FlagNames { get; init; } = [];

    /// <summary>It names one key at a place that does not depend on the arguments.</summary>
    public bool IsOneFixedKey => BeginSearch.Kind == BeginSearchKind.Index && FindKeys is { Kind: FindKeysKind.Range, LastKey: 0 };
}
