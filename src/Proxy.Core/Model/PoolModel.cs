using System.Collections.Immutable;
using Proxy.Partitioning;
using Proxy.Resp.Commands;

namespace Proxy.Core.Model;

/// <summary>One pool: a listener, its servers and how keys are spread over them. All members are immutable.</summary>
internal sealed record PoolModel
{
    /// <summary>What <see cref="ServerHardTimeoutMs"/> is when nobody says otherwise.</summary>
    public const int DefaultServerHardTimeoutMs = 60_000;

    /// <summary>What <see cref="ReconnectBackoff"/> is when nobody says otherwise.</summary>
    public static readonly ReconnectBackoffModel DefaultReconnectBackoff = new(50, 1000);

    /// <summary>The name, unique in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Where clients connect; host names are resolved already.</summary>
    public required AddressModel Listen { get; init; }

    /// <summary>The backlog of listen(2).</summary>
    public int Backlog { get; init; } = 512;

    /// <summary>SO_KEEPALIVE on client sockets.</summary>
    public bool TcpKeepalive { get; init; }

    /// <summary>SO_REUSEPORT on the listener.</summary>
    public bool ReusePort { get; init; }

    /// <summary>How keys are spread.</summary>
    public Distribution Distribution { get; init; } = Distribution.Ketama;

    /// <summary>What the partitioner is made from, with everybody live; its members are <see cref="Servers"/> in the same order.</summary>
    public required PartitionerOptions Partitioning { get; init; }

    /// <summary>The servers in the order of the file, at least one, with distinct names.</summary>
    public required ImmutableArray<ServerModel> Servers { get; init; }

    /// <summary>
    /// Milliseconds that a request may take, from when it is queued for a server; 0 waits (bounded by <see cref="ServerHardTimeoutMs"/>).
    /// </summary>
    public int TimeoutMs { get; init; }

    /// <summary>Milliseconds after which a server connection whose oldest request is unanswered is closed.</summary>
    public int ServerHardTimeoutMs { get; init; } = DefaultServerHardTimeoutMs;

    /// <summary>Milliseconds that a connect to a server may take.</summary>
    public int ConnectTimeoutMs { get; init; } = 1000;

    /// <summary>Clients at the same time; 0 is no limit.</summary>
    public int ClientConnections { get; init; }

    /// <summary>Milliseconds without a request after which a client is closed; 0 is never.</summary>
    public int ClientIdleTimeoutMs { get; init; }

    /// <summary>Milliseconds without progress after which a client that does not read its replies is closed.</summary>
    public int ClientStallTimeoutMs { get; init; } = 60_000;

    /// <summary>Bytes of replies that may wait for one client.</summary>
    public long ClientOutputLimit { get; init; } = 64L << 20;

    /// <summary>Bytes that may wait for one client that is sent messages.</summary>
    public long SubscriberOutputLimit { get; init; } = 32L << 20;

    /// <summary>Requests of one client in flight before it is no longer read.</summary>
    public int ClientPipelineLimit { get; init; } = 1024;

    /// <summary>Requests queued or in flight on one server connection.</summary>
    public int ServerQueueLimit { get; init; } = 100_000;

    /// <summary>Connections to servers, all of them together, that one client has for itself: blocking commands, WATCH and the like.</summary>
    public int LeasedConnections { get; init; } = 10_000;

    /// <summary>Bytes of one request's frame; a bulk of 512 MB, Redis's limit, fits the default.</summary>
    public long MaxRequestSize { get; init; } = 513L << 20;

    /// <summary>How reconnecting to a server is slowed down.</summary>
    public ReconnectBackoffModel ReconnectBackoff { get; init; } = DefaultReconnectBackoff;

    /// <summary>Commands that are refused: lower-case names, <c>flushall</c>, or with a subcommand, <c>client|info</c>.</summary>
    public ImmutableHashSet<string> DenyCommands { get; init; } = [];

    /// <summary>Compute commands such as SUNION whose keys are on several servers instead of refusing them.</summary>
    public bool CrossServer { get; init; }

    /// <summary>Connect to the servers at start instead of at the first request.</summary>
    public bool Preconnect { get; init; }

    /// <summary>The password (<c>redis_auth</c>) of both sides; null where there is none. Never logged.</summary>
    public byte[]? Password { get; init; }

    /// <summary>Who may log in; empty for the one user <c>default</c>, with <see cref="Password"/>.</summary>
    public ImmutableArray<UserModel> Users { get; init; } = [];

    /// <summary>True if a client is the user <c>default</c> without a password.</summary>
    public bool OpensWithoutPassword => Users.IsEmpty ? Password is null : FindUser("default"u8) is { NoPassword: true };

    /// <summary>True if there are users whose requests run as others at the servers.</summary>
    public bool HasServerUsers => Users.Any(user => user.ServerUser is not null);

    /// <summary>The database (<c>redis_db</c>) that is selected on every server connection.</summary>
    public int Database { get; init; }

    /// <summary>Connections per worker, server and lane.</summary>
    public int ServerConnections { get; init; } = 1;

    /// <summary>Take a server that fails out of the partitioner for a while.</summary>
    public bool AutoEjectHosts { get; init; }

    /// <summary>Milliseconds that an ejected server stays out at least.</summary>
    public int ServerRetryTimeoutMs { get; init; } = 30_000;

    /// <summary>Consecutive failures after which a server is ejected.</summary>
    public int ServerFailureLimit { get; init; } = 2;

    /// <summary>The user of that name; null if there is none, or none are configured.</summary>
    public UserModel? FindUser(ReadOnlySpan<byte> name)
    {
        foreach (var user in Users)
        {
            if (name.SequenceEqual(user.Utf8Name.Span))
            {
                return user;
            }
        }

        return null;
    }

    /// <summary>Whether <see cref="DenyCommands"/> has the command, or its container.</summary>
    public bool Denies(CommandInfo command)
    {
        if (DenyCommands.IsEmpty)
        {
            return false;
        }

        var name = command.Name;
        var bar = name.IndexOf('|');
        return DenyCommands.Contains(name) || (bar > 0 && DenyCommands.Contains(name[..bar]));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
