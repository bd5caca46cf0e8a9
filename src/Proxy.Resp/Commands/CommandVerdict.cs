namespace Proxy.Resp.Commands;

/// <summary>What the proxy does with a command: a row of <see cref="CommandOverlay"/>, or what its rules say of a command without one.</summary>
internal sealed record CommandVerdict(string Name, CommandHandling Handling, string Reason)
{
    public LocalCommand Local { get; init; }

    /// <summary>What the proxy does with it where the pool has one server only; null: see <see cref="CommandInfo.Alone"/>.</summary>
    public CommandHandling? Alone { get; init; }

    public KeyMethod Keys { get; init; }

    /// <summary>See <see cref="CommandInfo.BlocksOnOption"/>.</summary>
    public bool BlocksOnOption { get; init; }

    /// <summary>See <see cref="CommandInfo.MayReplicate"/>: set where it does not write by its flags. Servers do not tell this one.</summary>
    public bool MayReplicate { get; init; }

    /// <summary>See <see cref="CommandInfo.CrossServer"/>.</summary>
    public CrossServerOperation CrossServer { get; init; }

    /// <summary>Set for a command that the server's table lacks: its arity.</summary>
    public int? Arity { get; init; }

    /// <summary>With <see cref="Arity"/>: see <see cref="CommandInfo.IsOwn"/>.</summary>
    public bool IsOwn { get; init; }

    /// <summary>With <see cref="Arity"/>: the command whose flags and categories it shares; null for one that is about the connection only.</summary>
    public string? Like { get; init; }
}
