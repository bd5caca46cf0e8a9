using System.Text;
using Proxy.Core.Model;
using Proxy.Partitioning;

namespace Proxy.Core.Configuration;

/// <summary>Makes the model of a pool without errors.</summary>
internal static class PoolModelBuilder
{
    /// <summary>Builds the model. What the partitioner has to say about it is added to the problems.</summary>
    public static PoolModel Build(PoolConfig pool, HostResolver resolver, ConfigProblems problems)
    {
        var servers = pool.Servers!.Value;
        var options = Partitioning(pool, servers);
        Warn(pool, options, problems);
        var model = new PoolModel
        {
            Name = pool.Name,
            Listen = AddressModels.ToBind(pool.Listen!.Value, resolver),
            Distribution = options.Distribution,
            Partitioning = options,
            Servers = [.. servers.Select(Server)],
        };
        var backoff = pool.ReconnectBackoff;
        return model with
        {
            Backlog = pool.Backlog?.Value ?? model.Backlog,
            TcpKeepalive = pool.TcpKeepalive?.Value ?? model.TcpKeepalive,
            ReusePort = pool.ReusePort?.Value ?? model.ReusePort,
            TimeoutMs = pool.Timeout?.Value ?? model.TimeoutMs,
            ServerHardTimeoutMs = pool.ServerHardTimeout?.Value ?? model.ServerHardTimeoutMs,
            ConnectTimeoutMs = pool.ConnectTimeout?.Value ?? model.ConnectTimeoutMs,
            ClientConnections = pool.ClientConnections?.Value ?? model.ClientConnections,
            ClientIdleTimeoutMs = pool.ClientIdleTimeout?.Value ?? model.ClientIdleTimeoutMs,
            ClientStallTimeoutMs = pool.ClientStallTimeout?.Value ?? model.ClientStallTimeoutMs,
            ClientOutputLimit = pool.ClientOutputLimit?.Value ?? model.ClientOutputLimit,
            SubscriberOutputLimit = pool.SubscriberOutputLimit?.Value ?? model.SubscriberOutputLimit,
            ClientPipelineLimit = pool.ClientPipelineLimit?.Value ?? model.ClientPipelineLimit,
            ServerQueueLimit = pool.ServerQueueLimit?.Value ?? model.ServerQueueLimit,
            LeasedConnections = pool.LeasedConnections?.Value ?? model.LeasedConnections,
            MaxRequestSize = pool.MaxRequestSize?.Value ?? model.MaxRequestSize,
            ReconnectBackoff = new(backoff.Min?.Value ?? model.ReconnectBackoff.MinMs, backoff.Max?.Value ?? model.ReconnectBackoff.MaxMs),
            CrossServer = pool.CrossServer?.Value ?? model.CrossServer,
            DenyCommands = [.. pool.DenyCommands.Select(command => command.Value)],
            Preconnect = pool.Preconnect?.Value ?? model.Preconnect,
            Password = pool.RedisAuth is { } password ? Encoding.UTF8.GetBytes(password.Value) : null,
            Users = UserModelBuilder.Build(pool),
            Database = pool.RedisDb?.Value ?? model.Database,
            ServerConnections = pool.ServerConnections?.Value ?? model.ServerConnections,
            AutoEjectHosts = pool.AutoEjectHosts?.Value ?? model.AutoEjectHosts,
            ServerRetryTimeoutMs = pool.ServerRetryTimeout?.Value ?? model.ServerRetryTimeoutMs,
            // twemproxy ejects at the first failure for 0 as for 1.
            ServerFailureLimit = Math.Max(1, pool.ServerFailureLimit?.Value ?? model.ServerFailureLimit),
        };
    }

    private static ServerModel Server(ServerConfig server) =>
        new() { Name = server.EffectiveName!, Address = AddressModels.ToConnect(server.Address!), Weight = server.Weight };

    private static PartitionerOptions Partitioning(PoolConfig pool, IReadOnlyList<ServerConfig> servers)
    {
        var members = servers.Select(server => new PartitionMember(server.EffectiveName!, server.Weight));
        var options = new PartitionerOptions { Members = [.. members] };
        return options with
        {
            Distribution = pool.Distribution?.Value ?? options.Distribution,
            Hash = pool.Hash?.Value ?? options.Hash,
            HashTag = pool.HashTag?.Value,
            By = pool.Range?.By?.Value ?? options.By,
            Bounds = [.. (pool.Range?.Bounds?.Value ?? []).Select(bound => (RangeBound)bound.Value)],
            Otherwise = pool.Range?.Otherwise is { } name ? IndexOf(servers, name.Value) : null,
            Slots = pool.Slots is { } slots ? [.. servers.Select(server => SlotsOf(slots, server.EffectiveName!))] : null,
        };
    }

    private static int IndexOf(IReadOnlyList<ServerConfig> servers, string name) =>
        servers.Select(server => server.EffectiveName).ToList().IndexOf(name);

    private static IReadOnlyList<SlotRange> SlotsOf(SlotsConfig slots, string name)
    {
        var ranges = slots.Shares.FirstOrDefault(share => share.Server.Value == name).Ranges ?? [];
        return [.. ranges.Select(range => range.Value)];
    }

    private static void Warn(PoolConfig pool, PartitionerOptions options, ConfigProblems problems)
    {
        var place = pool.Distribution?.Place ?? pool.Place;
        try
        {
            foreach (var warning in Partitioner.Warnings(options))
            {
                problems.Warning(place, warning);
            }
        }
        catch (ArgumentException refusal)
        {
            problems.Error(place, refusal.Message);
        }
        var unnamed = pool.Servers!.Value.Count(server => server.Name is null);
        if (unnamed > 0 && options.Members.Count > 1 && options.Distribution is Distribution.Ketama or Distribution.Modula)
        {
            problems.Warning(
                pool.Servers.Place,
                $"{unnamed} of {options.Members.Count} servers have no name, so that their addresses decide where keys go: "
                    + "moving one elsewhere moves keys");
        }
    }
}
