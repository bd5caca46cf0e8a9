using System.Buffers;
using System.Net;
using System.Text;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>INFO, TIME, ROLE and LOLWUT: the proxy answers as one standalone master, so that no client looks for others behind it.</summary>
internal sealed class ServerCommands
{
    private readonly ProxyFacts _facts;

    public ServerCommands(ProxyFacts facts)
    {
        _facts = facts;
    }

    /// <summary>Writes the reply.</summary>
    public void Answer(ClientSession client, IBufferWriter<byte> output, LocalCommand command, in RequestFrame frame)
    {
        switch (command)
        {
            case LocalCommand.Info:
                RespWriter.Verbatim(output, Info(client, frame), client.RespVersion);
                break;
            case LocalCommand.Time:
                Time(output);
                break;
            case LocalCommand.Role:
                output.Write(Replies.RoleMaster);
                break;
            default:
                RespWriter.Verbatim(output, $"Redis ver. {_facts.RedisVersion}\n", client.RespVersion);
                break;
        }
    }

    private static void Time(IBufferWriter<byte> output)
    {
        var micros = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        RespWriter.ArrayHeader(output, 2);
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes($"{micros / 1_000_000}"));
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes($"{micros % 1_000_000}"));
    }

    private string Info(ClientSession client, in RequestFrame frame)
    {
        var sections = new List<(string Name, string Text)>
        {
            ("server", ServerSection(client)),
            ("clients", $"# Clients\r\nconnected_clients:{_facts.Clients}\r\nblocked_clients:{_facts.Blocked}\r\nmaxclients:{client.Model.ClientConnections}\r\n"),
            ("memory", MemorySection(client)),
            ("persistence", "# Persistence\r\nloading:0\r\n"),
            ("replication", "# Replication\r\nrole:master\r\nconnected_slaves:0\r\n"),
            ("cluster", "# Cluster\r\ncluster_enabled:0\r\n"),
            ("proxy", ProxySection(client)),
        };

        var text = new StringBuilder();
        foreach (var (name, section) in sections)
        {
            if (IsWanted(frame, name))
            {
                text.Append(text.Length > 0 ? "\r\n" : "").Append(section);
            }
        }

        return text.ToString();
    }

    private string ServerSection(ClientSession client)
    {
        var uptime = (long)(DateTime.UtcNow - _facts.StartTime).TotalSeconds;
        var port = client.Model.Listen.EndPoint is IPEndPoint endPoint ? endPoint.Port : 0;
        return $"# Server\r\nredis_version:{_facts.RedisVersion}\r\nredis_mode:standalone\r\nos:{Environment.OSVersion.Platform}\r\narch_bits:64\r\n"
            + $"multiplexing_api:{_facts.Transport}\r\n"
            + $"process_id:{Environment.ProcessId}\r\nrun_id:{_facts.RunId}\r\ntcp_port:{port}\r\n"
            + $"uptime_in_seconds:{uptime}\r\nuptime_in_days:{uptime / 86400}\r\n";
    }

    private static string MemorySection(ClientSession client)
    {
        var used = Environment.WorkingSet;
        return $"# Memory\r\nused_memory:{used}\r\nused_memory_rss:{used}\r\nmaxmemory:{client.Worker.Memory.Limit}\r\nmaxmemory_policy:noeviction\r\n";
    }

    private string ProxySection(ClientSession client)
    {
        var snapshot = client.Pool.Snapshot;
        var text = new StringBuilder();
        text.Append($"# Proxy\r\nproxy_version:{_facts.ProxyVersion}\r\nproxy_transport:{_facts.Transport}\r\nproxy_pool:{snapshot.Model.Name}\r\n");
        text.Append($"proxy_distribution:{snapshot.Model.Distribution.ToString().ToLowerInvariant()}\r\nproxy_servers:{snapshot.Shards.Length}\r\n");
        for (var i = 0; i < snapshot.Shards.Length; i++)
        {
            var server = snapshot.Shards[i].Primary;
            text.Append($"server{i}:name={server.Name},addr={server.Model.Address.Text},state={server.Health.State.ToString().ToLowerInvariant()}\r\n");
        }

        return text.ToString();
    }

    private static bool IsWanted(in RequestFrame frame, string section)
    {
        if (frame.Count == 1)
        {
            return true;
        }

        for (var i = 1; i < frame.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(frame[i], section)
                || Ascii.EqualsIgnoreCase(frame[i], "all"u8)
                || Ascii.EqualsIgnoreCase(frame[i], "default"u8)
                || Ascii.EqualsIgnoreCase(frame[i], "everything"u8))
            {
                return true;
            }
        }

        return false;
    }
}
