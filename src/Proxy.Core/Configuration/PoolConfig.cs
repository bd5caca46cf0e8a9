using Proxy.Partitioning;

namespace Proxy.Core.Configuration;

/// <summary>
/// One pool as written: types are checked, nothing else. What was not written is null. Times are milliseconds, sizes bytes.
/// </summary>
internal sealed record PoolConfig
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Where the pool stands.</summary>
    public required Place Place { get; init; }

    /// <summary>The keys that stand there. What is among them and null all the same could not be read, which is reported.</summary>
    public IReadOnlySet<string> WrittenKeys { get; init; } = new HashSet<string>();

    public Setting<AddressConfig>? Listen { get; init; }

    public Setting<HashFunction>? Hash { get; init; }

    public Setting<HashTag>? HashTag { get; init; }

    public Setting<Distribution>? Distribution { get; init; }

    public Setting<int>? Timeout { get; init; }

    public Setting<int>? Backlog { get; init; }

    public Setting<int>? ClientConnections { get; init; }

    public Setting<bool>? TcpKeepalive { get; init; }

    public Setting<bool>? ReusePort { get; init; }

    public Setting<bool>? Redis { get; init; }

    /// <summary>The password. No message and no log ever shows it.</summary>
    public Setting<string>? RedisAuth { get; init; }

    /// <summary>Users, in the order of the file.</summary>
    public IReadOnlyList<UserConfig> Users { get; init; } = [];

    public Setting<int>? RedisDb { get; init; }

    public Setting<bool>? Preconnect { get; init; }

    public Setting<bool>? AutoEjectHosts { get; init; }

    public Setting<int>? ServerConnections { get; init; }

    public Setting<int>? ServerRetryTimeout { get; init; }

    public Setting<int>? ServerFailureLimit { get; init; }

    /// <summary>The servers; null when the key is missing or is no list.</summary>
    public Setting<IReadOnlyList<ServerConfig>>? Servers { get; init; }

    public RangeConfig? Range { get; init; }

    public SlotsConfig? Slots { get; init; }

    public Setting<int>? ConnectTimeout { get; init; }

    public Setting<int>? ServerHardTimeout { get; init; }

    public Setting<int>? ClientIdleTimeout { get; init; }

    public Setting<int>? ClientStallTimeout { get; init; }

    public Setting<long>? ClientOutputLimit { get; init; }

    public Setting<long>? SubscriberOutputLimit { get; init; }

    public Setting<int>? ClientPipelineLimit { get; init; }

    public Setting<int>? ServerQueueLimit { get; init; }

    public Setting<int>? LeasedConnections { get; init; }

    public Setting<long>? MaxRequestSize { get; init; }

    public BackoffConfig ReconnectBackoff { get; init; } = new();

    public Setting<bool>? CrossServer { get; init; }

    /// <summary>Commands to refuse, lower-case, a subcommand after <c>|</c>.</summary>
    public IReadOnlyList<Setting<string>> DenyCommands { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
