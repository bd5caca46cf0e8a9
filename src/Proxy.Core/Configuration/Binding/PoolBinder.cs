using Proxy.Core.Configuration.Nodes;
using Proxy.Partitioning;

namespace Proxy.Core.Configuration.Binding;

/// <summary>Binds one pool. Every key that a pool may have is asked for here.</summary>
internal static class PoolBinder
{
    // Buffers are addressed with 32 bits.
    private const long LargestRequest = int.MaxValue;

    private static readonly (string, HashFunction)[] Hashes = [.. HashFunctions.Names.Select((name, index) => (name, (HashFunction)index))];

    private static readonly (string, Distribution)[] Ways = [.. Distributions.Names.Select(name => (name, Parse(name)))];

    /// <summary>Binds a map of directives.</summary>
    public static PoolConfig Bind(string name, ConfigMap? map, Place place, BindingContext context)
    {
        var reader = new MapReader(map, place, context);
        var pool = new PoolConfig
        {
            Name = name,
            Place = place,
            WrittenKeys = reader.WrittenKeys,
            // twemproxy's keys, in the order of its manual
            Listen = Listen(reader, context),
            Hash = reader.Choice("hash", Hashes, "is not a valid hash"),
            HashTag = Tag(reader, context),
            Distribution = reader.Choice("distribution", Ways, "is not a valid distribution"),
            Timeout = reader.Number("timeout"),
            Backlog = reader.Number("backlog"),
            TcpKeepalive = reader.Flag("tcpkeepalive"),
            ReusePort = reader.Flag("reuseport"),
            Preconnect = reader.Flag("preconnect"),
            Redis = reader.Flag("redis"),
            RedisAuth = reader.Text("redis_auth"),
            RedisDb = reader.Number("redis_db"),
            ClientConnections = reader.Number("client_connections"),
            ServerConnections = reader.Number("server_connections", least: 1),
            AutoEjectHosts = reader.Flag("auto_eject_hosts"),
            ServerRetryTimeout = reader.Number("server_retry_timeout"),
            ServerFailureLimit = reader.Number("server_failure_limit"),
            Servers = ServersBinder.Bind(reader, context),
            // our own
            Range = RangeBinder.Bind(reader, context),
            Slots = SlotsBinder.Bind(reader, context),
            ConnectTimeout = reader.Time("connect_timeout", least: 1),
            ServerHardTimeout = reader.Time("server_hard_timeout", least: 1),
            ClientIdleTimeout = reader.Time("client_idle_timeout"),
            ClientStallTimeout = reader.Time("client_stall_timeout", least: 1),
            ClientOutputLimit = reader.Size("client_output_limit", least: 1),
            SubscriberOutputLimit = reader.Size("subscriber_output_limit", least: 1),
            ClientPipelineLimit = reader.Number("client_pipeline_limit", least: 1),
            ServerQueueLimit = reader.Number("server_queue_limit", least: 1),
            LeasedConnections = reader.Number("leased_connections", least: 1),
            MaxRequestSize = reader.Size("max_request_size", least: 1, most: LargestRequest),
            ReconnectBackoff = Backoff(reader),
            CrossServer = reader.Flag("cross_server"),
            DenyCommands = DenyCommandsBinder.Bind(reader, context),
            Users = UsersBinder.Bind(reader, context),
        };
        reader.Require("listen");
        reader.Require("servers");
        reader.RefuseOthers();
        return pool;
    }

    private static Distribution Parse(string name)
    {
        Distributions.TryParse(name, out var distribution);
        return distribution;
    }

    private static Setting<AddressConfig>? Listen(MapReader reader, BindingContext context)
    {
        var text = reader.Text("listen");
        if (text is null)
        {
            return null;
        }
        var refusal = AddressText.ReadListen(text.Value, out var address);
        if (refusal is not null)
        {
            context.Problems.Error(text.Place, $"directive \"listen\" {refusal}: '{text.Value}'");
        }
        return address is null ? null : new Setting<AddressConfig>(address, text.Place);
    }

    private static Setting<HashTag>? Tag(MapReader reader, BindingContext context)
    {
        // `hash_tag: {}` without quotes is an empty map.
        var node = reader.Node("hash_tag");
        if (node is null)
        {
            return null;
        }
        if (node.Value is ConfigScalar scalar && HashTag.TryParse(scalar.Text, out var tag))
        {
            return new Setting<HashTag>(tag, node.Place);
        }
        var advice = node.Value is ConfigScalar ? "" : " (write it in quotes: \"{}\")";
        context.Problems.Error(node.Place, $"directive \"hash_tag\" is not a valid hash tag string with two characters{advice}");
        return null;
    }

    private static BackoffConfig Backoff(MapReader pool)
    {
        var reader = pool.Section("reconnect_backoff", pool.Map("reconnect_backoff"));
        var backoff = new BackoffConfig { Min = reader.Time("min", least: 1), Max = reader.Time("max", least: 1) };
        reader.RefuseOthers();
        return backoff;
    }
}
