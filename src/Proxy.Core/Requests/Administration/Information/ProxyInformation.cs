using System.Buffers;
using System.Globalization;
using System.Net;
using Proxy.Core.Topology;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Information;

/// <summary>What INFO tells of the proxy: the section Proxy, and everything where no server can be asked. One per worker.</summary>
internal sealed class ProxyInformation
{
    /// <summary>The section that only a proxy has.</summary>
    public const string ProxySectionName = "Proxy";

    private readonly ProxyFacts _facts;

    /// <param name="facts">What is known of the process.</param>
    public ProxyInformation(ProxyFacts facts)
    {
        _facts = facts;
    }

    /// <summary>The sections that it can write.</summary>
    public static IReadOnlyList<string> Sections { get; } =
        ["Server", "Clients", "Memory", "Persistence", "Replication", "Cluster", ProxySectionName];

    /// <summary>What joins servers' INFO for a client.</summary>
    public InfoJoiner JoinerFor(ClientSession client, InfoQuestion question)
    {
        var snapshot = client.Pool.Snapshot;
        return new InfoJoiner(new InfoFacts
        {
            HasSeveralServers = snapshot.Shards.Length > 1,
            Clients = Clients(client),
            PausedClients = client.Pool.Pool.Pause.Waiting,
            MaxClients = snapshot.Model.ClientConnections,
            Port = Port(client),
            RunId = _facts.RunId,
            Proxy = question.Wants(ProxySectionName) ? ProxySection(snapshot) : null,
        });
    }

    /// <summary>Writes what the proxy knows without asking a server.</summary>
    public void Write(ClientSession client, IBufferWriter<byte> output, InfoQuestion question)
    {
        var info = new InfoText();
        info.Sections.AddRange(Known(client).Where(section => question.Wants(section.Name)));

        RespWriter.Verbatim(output, info.ToBytes(), client.RespVersion);
    }

    private IEnumerable<InfoSection> Known(ClientSession client)
    {
        var uptime = (long)(DateTime.UtcNow - _facts.StartTime).TotalSeconds;
        yield return Section(
            "Server",
            ("redis_version", _facts.RedisVersion),
            ("redis_mode", "standalone"),
            ("os", Environment.OSVersion.Platform),
            ("arch_bits", 64),
            ("multiplexing_api", _facts.Transport),
            ("process_id", Environment.ProcessId),
            ("run_id", _facts.RunId),
            ("tcp_port", Port(client)),
            ("uptime_in_seconds", uptime),
            ("uptime_in_days", uptime / 86400));
        yield return Section(
            "Clients",
            ("connected_clients", Clients(client)),
            ("maxclients", client.Model.ClientConnections),
            ("blocked_clients", client.Pool.Pool.Counters.Sum(counters => counters.BlockedClients) + client.Pool.Pool.Pause.Waiting));
        var used = Environment.WorkingSet;
        yield return Section(
            "Memory",
            ("used_memory", used),
            ("used_memory_rss", used),
            ("maxmemory", client.Worker.Memory.Limit),
            ("maxmemory_policy", "noeviction"));
        yield return Section("Persistence", ("loading", 0));
        yield return Section("Replication", ("role", "master"), ("connected_slaves", 0));
        yield return Section("Cluster", ("cluster_enabled", 0));
        yield return ProxySection(client.Pool.Snapshot);
    }

    private InfoSection ProxySection(PoolSnapshot snapshot)
    {
        var section = Section(
            ProxySectionName,
            ("proxy_version", _facts.ProxyVersion),
            ("proxy_transport", _facts.Transport),
            ("proxy_run_id", _facts.RunId),
            ("proxy_process_id", Environment.ProcessId),
            ("proxy_uptime_in_seconds", (long)(DateTime.UtcNow - _facts.StartTime).TotalSeconds),
            ("proxy_pool", snapshot.Model.Name),
            ("proxy_distribution", snapshot.Model.Distribution.ToString().ToLowerInvariant()),
            ("proxy_servers", snapshot.Shards.Length));
        for (var i = 0; i < snapshot.Shards.Length; i++)
        {
            var server = snapshot.Shards[i].Primary;
            section.Fields.Add(new InfoField(
                $"server{i}", $"name={server.Name},addr={server.Model.Address.Text},state={server.Health.State.ToString().ToLowerInvariant()}"));
        }

        return section;
    }

    private static InfoSection Section(string name, params (string Name, object Value)[] fields)
    {
        var section = new InfoSection(name);
        section.Fields.AddRange(fields.Select(field => new InfoField(field.Name, Convert.ToString(field.Value, CultureInfo.InvariantCulture)!)));
        return section;
    }

    private static long Clients(ClientSession client) => client.Pool.Pool.Counters.Sum(counters => counters.ClientConnections);

    private static int Port(ClientSession client) => client.Model.Listen.EndPoint is IPEndPoint endPoint ? endPoint.Port : 0;
}
