using System.Collections.Immutable;
using Proxy.Core.Backends;
using Proxy.Core.Model;
using Proxy.Core.Requests.PubSub;
using Proxy.Core.Requests.Scripts;
using Proxy.Core.Requests.Users;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Transactions;

/// <summary>
/// What a client queued since MULTI. Nothing of it is sent before EXEC. Owned by its session; used on the worker's loop only.
/// </summary>
internal sealed class TransactionState
{
    /// <summary>No queued command has named a key yet.</summary>
    public const int NoShard = -1;

    /// <summary>Size of a <see cref="QueuedCommand"/>, with the list's room for more, and of the parts of a reply that it becomes.</summary>
    private const int BytesPerCommand = 64;

    /// <summary>What begins a transaction.</summary>
    public static readonly byte[] Multi = [.. "MULTI"u8];

    /// <summary>What runs it.</summary>
    public static readonly byte[] Exec = [.. "EXEC"u8];

    private readonly List<QueuedCommand> _commands = [];

    public TransactionState(BlockPool blocks)
    {
        ServerBytes = new OutBuffer(blocks);
        LocalBytes = new OutBuffer(blocks);
    }

    /// <summary>MULTI in upper or lower case, as the client wrote it.</summary>
    public byte[] BeginWord { get; set; } = Multi;

    /// <summary>EXEC in upper or lower case, as the client wrote it.</summary>
    public byte[] EndWord { get; set; } = Exec;

    /// <summary>The queued commands in their order.</summary>
    public IReadOnlyList<QueuedCommand> Commands => _commands;

    /// <summary>How many of them a server answers.</summary>
    public int ServerCommands { get; private set; }

    /// <summary>
    /// True if the proxy puts the reply together: the server's array does not have all elements, or the client has to change with it.
    /// </summary>
    public bool IsComposed { get; private set; }

    /// <summary>True if one of them is SELECT.</summary>
    public bool Selects { get; private set; }

    /// <summary>True if one of them runs a script by its digest.</summary>
    public bool RunsDigests { get; private set; }

    /// <summary>True if one of them runs a script or a function.</summary>
    public bool RunsScripts { get; private set; }

    /// <summary>True if one of them is a SCRIPT FLUSH that a server takes.</summary>
    public bool FlushesScripts { get; private set; }

    /// <summary>True if one of them is SUBSCRIBE or PSUBSCRIBE.</summary>
    public bool Subscribes { get; private set; }

    /// <summary>What it subscribes to; null before EXEC asks the servers for it.</summary>
    public PreparedSubscriptions? Subscriptions { get; set; }

    /// <summary>Where it runs; null before it is sent.</summary>
    public Server? Server { get; set; }

    /// <summary>Who of ours was subscribed when it was sent, for each PUBLISH and SPUBLISH in it.</summary>
    public Queue<SubscriptionCounts> Receivers { get; } = [];

    /// <summary>True if a command was refused when it was to be queued: EXEC will run nothing.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>True if one of them may change data.</summary>
    public bool MayReplicate { get; private set; }

    /// <summary>The shard of the keys of all commands, or <see cref="NoShard"/>.</summary>
    public int Shard { get; set; } = NoShard;

    /// <summary>True if that shard is the only one possible although its keys are nowhere in particular: a channel's.</summary>
    public bool IsShardOfChannel { get; set; }

    /// <summary>By which <see cref="Shard"/> was found.</summary>
    public PoolSnapshot? Snapshot { get; set; }

    /// <summary>The frames that go to the server, one behind the other, as they came.</summary>
    public OutBuffer ServerBytes { get; }

    /// <summary>The frames that the proxy answers.</summary>
    public OutBuffer LocalBytes { get; }

    /// <summary>Bytes queued, with what is kept for each command besides.</summary>
    public long Length => ServerBytes.Length + LocalBytes.Length + ((long)_commands.Count * BytesPerCommand);

    /// <summary>How many of its commands may log in as somebody else.</summary>
    public int Logins { get; private set; }

    /// <summary>Why the server could not be asked whether it takes transactions; EXEC fails with it.</summary>
    public BackendFailure? Failure { get; set; }

    /// <summary>Why the server takes no transactions: its error without <c>-</c> and end of line; null while none is known.</summary>
    public byte[]? Refusal { get; set; }

    /// <summary>The <c>deny_commands</c> by which its commands were let in.</summary>
    public ImmutableHashSet<string> Denied { get; set; } = [];

    /// <summary>As whom the client was allowed its commands.</summary>
    public UserModel? CheckedAs { get; set; }

    /// <summary>True if what its user may do is to be looked at again before its commands run, whoever it is.</summary>
    public bool ChecksAgain { get; set; }

    /// <summary>Queues a command.</summary>
    /// <param name="kind">Who answers it.</param>
    /// <param name="command">The command.</param>
    /// <param name="mayReplicate">Whether it may change data.</param>
    /// <param name="frame">The request; valid during the call only.</param>
    public void Add(QueuedKind kind, CommandInfo command, bool mayReplicate, in RequestFrame frame)
    {
        if (IsDirty)
        {
            return;
        }

        var bytes = kind == QueuedKind.Local ? LocalBytes : ServerBytes;
        bytes.Append(frame.Bytes);
        _commands.Add(new QueuedCommand(command, kind, frame.Bytes.Length));
        ServerCommands += kind == QueuedKind.Local ? 0 : 1;
        IsComposed |= kind != QueuedKind.Server;
        MayReplicate |= mayReplicate;
        Selects |= kind == QueuedKind.Select;
        RunsScripts |= command.RunsScript;
        RunsDigests |= command.KeyMethod == KeyMethod.ScriptByDigest;
        FlushesScripts |= command.Local == LocalCommand.ScriptFlush && ScriptCommands.IsRightFlush(frame);
        Subscribes |= command.Local is LocalCommand.Subscribe or LocalCommand.PSubscribe;
        Logins += command.Local is LocalCommand.Auth or LocalCommand.Hello ? 1 : 0;
        ChecksAgain |= command.Local is LocalCommand.Auth or LocalCommand.Hello || command.KeyMethod == KeyMethod.Sort;
    }

    /// <summary>Takes commands out of what will run.</summary>
    /// <param name="denials">For each command, why; none for those that stay.</param>
    public void Refuse(ReadOnlySpan<Denial> denials)
    {
        var server = new QueuedFrames(ServerBytes);
        var local = new QueuedFrames(LocalBytes);
        ServerBytes.Clear();
        LocalBytes.Clear();
        IsComposed = true;
        Selects = false;
        RunsDigests = false;
        FlushesScripts = false;
        Subscribes = false;
        ServerCommands = 0;
        for (var i = 0; i < _commands.Count; i++)
        {
            var queued = _commands[i];
            if (queued.Kind == QueuedKind.Refused)
            {
                continue;
            }

            var isLocal = queued.Kind == QueuedKind.Local;
            var frame = isLocal ? local.Next() : server.Next();
            if (denials[i] != Denial.None)
            {
                _commands[i] = queued with { Kind = QueuedKind.Refused, Denial = denials[i] };
                continue;
            }

            (isLocal ? LocalBytes : ServerBytes).Append(frame.Bytes);
            ServerCommands += isLocal ? 0 : 1;
            Selects |= queued.Kind == QueuedKind.Select;
            RunsDigests |= queued.Command.KeyMethod == KeyMethod.ScriptByDigest;
            FlushesScripts |= queued.Command.Local == LocalCommand.ScriptFlush && ScriptCommands.IsRightFlush(frame);
            Subscribes |= queued.Command.Local is LocalCommand.Subscribe or LocalCommand.PSubscribe;
        }
    }

    /// <summary>A command was refused: nothing of the transaction will run, so nothing of it is kept.</summary>
    public void Taint()
    {
        IsDirty = true;
        Clear();
    }

    /// <summary>Lets go of what is queued.</summary>
    public void Clear()
    {
        ServerBytes.Clear();
        LocalBytes.Clear();
        _commands.Clear();
        Subscriptions?.LetGo();
        Subscriptions = null;
    }
}
