using System.Collections.Immutable;
using System.Text;

namespace Proxy.Resp.Commands;

/// <summary>What is known of a command or subcommand: a server's facts, and what the proxy does with it. Immutable.</summary>
internal sealed class CommandInfo
{
    private readonly CommandNameMap _subcommands;

    /// <param name="row">The server's facts.</param>
    /// <param name="verdict">What the proxy does with it.</param>
    /// <param name="index">Its place in <see cref="CommandSet.All"/>.</param>
    /// <param name="subcommands">Its subcommands; empty if it is no container.</param>
    public CommandInfo(CommandRow row, CommandVerdict verdict, int index, ImmutableArray<CommandInfo> subcommands)
    {
        Row = row;
        Index = index;
        Arity = row.Arity;
        Utf8Name = Encoding.ASCII.GetBytes(row.Name);
        Handling = verdict.Handling;
        Local = verdict.Local;
        Alone = verdict.Alone ?? AloneByRule(verdict);
        Reason = verdict.Reason;
        BlocksOnOption = verdict.BlocksOnOption;
        MayReplicate = (row.Flags & (CommandFlags.Write | CommandFlags.MayReplicate)) != 0 || verdict.MayReplicate;
        CrossServer = verdict.CrossServer;
        IsOurs = verdict.Arity is not null;
        IsOwn = verdict.IsOwn;
        KeyMethod = verdict.Keys;
        OnlyKey = verdict.Keys == KeyMethod.OnlyKey ? row.KeySpecs[0].BeginSearch.Index : 0;
        RunsScript = row.Name is "eval" or "eval_ro" or "evalsha" or "evalsha_ro" or "fcall" or "fcall_ro";
        FirstKeyFlags = row.KeySpecs.IsEmpty ? KeySpecFlags.None : row.KeySpecs[0].Flags;
        Subcommands = subcommands;
        HasSubcommands = !subcommands.IsEmpty;
        _subcommands = new CommandNameMap(subcommands);
    }

    /// <summary>The facts as the server tells them.</summary>
    public CommandRow Row { get; }

    /// <summary>
    /// Dense: from 0 to <see cref="CommandTable.Count"/> - 1, subcommands included; <see cref="CommandTable.OtherIndex"/> for all that were learnt
    /// from servers. For counters.
    /// </summary>
    public int Index { get; }

    /// <summary>It is not in the table: a server told of it.</summary>
    public bool IsLearnt { get; init; }

    /// <summary>Lower case; of a subcommand `client|setname`.</summary>
    public string Name => Row.Name;

    public ReadOnlyMemory<byte> Utf8Name { get; }

    /// <summary>Name without the container's: `setname`.</summary>
    public string ShortName => Name[(Name.IndexOf('|') + 1)..];

    /// <summary>Number of arguments, all names included; negative: at least so many.</summary>
    public int Arity { get; }

    public CommandFlags Flags => Row.Flags;

    public ImmutableArray<KeySpec> KeySpecs => Row.KeySpecs;

    public RequestPolicy RequestPolicy => Row.RequestPolicy;

    public ResponsePolicy ResponsePolicy => Row.ResponsePolicy;

    /// <summary>From one key to the next for a command with a plain range of keys: 1 for MGET, 2 for MSET, 0 without keys.</summary>
    public int KeyStep => Row.Step;

    public bool IsReadOnly => (Flags & CommandFlags.ReadOnly) != 0;

    public bool IsWrite => (Flags & CommandFlags.Write) != 0;

    /// <summary>What it does may have to reach replicas: it writes, publishes, or runs a script that may.</summary>
    public bool MayReplicate { get; }

    /// <summary>It has a server run a script or a function, which may take any time.</summary>
    public bool RunsScript { get; }

    /// <summary>What the proxy does with it where the pool has several servers.</summary>
    public CommandHandling Handling { get; }

    /// <summary>
    /// What the proxy does with it where the pool has one server: what would be wrong or undefined with several servers is right there.
    /// </summary>
    public CommandHandling Alone { get; }

    public LocalCommand Local { get; }

    /// <summary>Why the proxy does with it what is not obvious from its facts; empty otherwise.</summary>
    public string Reason { get; }

    /// <summary>Forwarded unless its arguments ask to wait: see <see cref="BlockOption"/>.</summary>
    public bool BlocksOnOption { get; }

    /// <summary>Forwarded if one server has all its keys; else this is computed, where the pool allows it.</summary>
    public CrossServerOperation CrossServer { get; }

    /// <summary>The server whose table this is does not have it; the proxy does.</summary>
    public bool IsOurs { get; }

    /// <summary>No Redis has it: COMMAND tells of it where it is asked for by name, since its lists are those of a Redis.</summary>
    public bool IsOwn { get; }

    public KeyMethod KeyMethod { get; }

    /// <summary>Which of its arguments are keys depends on words among the others.</summary>
    public bool HasKeysBehindOptions => KeyMethod is KeyMethod.Sort or KeyMethod.GeoRadius or KeyMethod.Migrate or KeyMethod.Streams;

    /// <summary>Index of its only key, if it always has exactly one at the same place; else 0.</summary>
    public int OnlyKey { get; }

    /// <summary>What it does with the keys of its first key specification.</summary>
    public KeySpecFlags FirstKeyFlags { get; }

    public ImmutableArray<CommandInfo> Subcommands { get; }

    public bool HasSubcommands { get; }

    /// <summary>What the proxy does with it in a pool with so many servers.</summary>
    public CommandHandling HandlingWith(int servers) => servers == 1 ? Alone : Handling;

    public bool AcceptsArity(int count) => Arity < 0 ? count >= -Arity : count == Arity;

    /// <summary>The subcommand of that short name in any case, or null.</summary>
    public CommandInfo? FindSubcommand(ReadOnlySpan<byte> shortName) => _subcommands.Find(shortName);

    public override string ToString() => Name;

    // What one server answers needs no joining, and with one server nothing is missing from its answer.
    private static CommandHandling AloneByRule(CommandVerdict verdict) => verdict switch
    {
        { Handling: CommandHandling.AllServers, Local: LocalCommand.None } => CommandHandling.FirstServer,
        _ => verdict.Handling,
    };
}
