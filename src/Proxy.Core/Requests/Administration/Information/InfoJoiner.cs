using System.Buffers;
using System.Globalization;
using Proxy.Core.Requests.Administration.Joining;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Information;

/// <summary>INFO: the servers' merged, as that of one standalone master, with the section Proxy behind it.</summary>
/// <param name="facts">What is told of the proxy.</param>
internal sealed class InfoJoiner(InfoFacts facts) : ReplyJoiner
{
    // Those of a master that tell nothing of others.
    private static readonly string[] OwnReplication = ["master_failover_state", "master_replid", "master_replid2", "master_repl_offset"];

    /// <inheritdoc/>
    public override bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version)
    {
        if (replies.Any(reply => reply.Reply.HasItems))
        {
            return false;
        }

        var info = InfoMerger.Merge([.. replies.Select(reply => InfoText.Parse(reply.Reply.Text.Span))]);
        Present(info);
        if (facts.Proxy is { } proxy)
        {
            proxy.Fields.Add(new InfoField("proxy_servers_answered", replies.Count.ToString(CultureInfo.InvariantCulture)));
            info.Sections.Add(proxy);
        }

        RespWriter.Verbatim(output, info.ToBytes(), version);
        return true;
    }

    /// <summary>Makes it that of the master that clients see.</summary>
    private void Present(InfoText info)
    {
        info["Cluster"]?.Replace("cluster_enabled", "0");
        if (info["Server"] is { } server)
        {
            PresentServer(server);
        }

        if (info["Clients"] is { } clients)
        {
            clients.Replace("connected_clients", facts.Clients.ToString(CultureInfo.InvariantCulture));
            if (facts.PausedClients > 0 && clients["blocked_clients"] is { } blocked)
            {
                clients.Replace("blocked_clients", (InfoValues.Number(blocked) + facts.PausedClients).ToString("F0", CultureInfo.InvariantCulture));
            }

            if (facts.MaxClients > 0)
            {
                clients.Replace("maxclients", facts.MaxClients.ToString(CultureInfo.InvariantCulture));
            }
        }

        if (info["Replication"] is { } replication)
        {
            replication.Replace("role", "master");
            replication.Replace("connected_slaves", "0");
            replication.Fields.RemoveAll(field => TellsOfOthers(field.Name));
        }
    }

    private void PresentServer(InfoSection server)
    {
        server.Replace("redis_mode", "standalone");
        if (facts.Port > 0)
        {
            server.Replace("tcp_port", facts.Port.ToString(CultureInfo.InvariantCulture));
        }

        if (facts.HasSeveralServers)
        {
            server.Replace("run_id", facts.RunId);
            server.Replace("process_id", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            server.Fields.RemoveAll(field => field.Name is "executable" or "config_file");
        }
    }

    // slave0, slave_repl_offset, master_host, replica_announced …
    private static bool TellsOfOthers(string field) =>
        field.StartsWith("slave", StringComparison.Ordinal)
        || field.StartsWith("replica", StringComparison.Ordinal)
        || (field.StartsWith("master_", StringComparison.Ordinal) && !OwnReplication.Contains(field));
}
