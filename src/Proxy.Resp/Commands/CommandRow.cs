using System.Collections.Immutable;

namespace Proxy.Resp.Commands;

/// <summary>A row of the generated table: an element of a server's COMMAND reply.</summary>
internal sealed record CommandRow(string Name, int Arity)
{
    public ImmutableArray<string> FlagNames { get; init; } = [];

    public CommandFlags Flags { get; init; }

    /// <summary>First key of a plain range, 0 if there is none.</summary>
    public int First { get; init; }

    /// <summary>Last key of a plain range; negative counts from the last argument.</summary>
    public int Last { get; init; }

    public int Step { get; init; }

    /// <summary>ACL categories, `@read`.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>Tips, `request_policy:all_shards`, `nondeterministic_output`.</summary>
    public ImmutableArray<string> Tips { get; init; } = [];

    public RequestPolicy RequestPolicy { get; init; }

    public ResponsePolicy ResponsePolicy { get; init; }

    public ImmutableArray<KeySpec> KeySpecs { get; init; } = [];

    /// <summary>It names keys: words that are only routed like keys (shard channels) do not count.</summary>
    public bool TakesKeys => KeySpecs.Any(spec => (spec.Flags & KeySpecFlags.NotKey) == 0);

    /// <summary>`client` of `client|setname`; null for a command of its own.</summary>
    public string? Container => Name.IndexOf('|') is var bar and > 0 ? Name[..bar] : null;
}
