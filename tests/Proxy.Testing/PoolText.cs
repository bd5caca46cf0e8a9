using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Proxy.Testing;

/// <summary>One pool of a proxy's file, as text.</summary>
public sealed record PoolText
{
    public string Name { get; init; } = "main";

    /// <summary>A free port on 127.0.0.1 unless set; <c>host:port</c> or <c>/path [mode]</c>.</summary>
    public string Listen { get; init; } = $"127.0.0.1:{FreePort.Next()}";

    public string Distribution { get; init; } = "ketama";

    /// <summary>Each as <c>127.0.0.1:7001</c>; weight 1 and the names shard0, shard1, … are added.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>Further keys, a line each: <c>timeout: 300</c>.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Where clients connect.</summary>
    public EndPoint EndPoint => Listen.StartsWith('/')
        ? new UnixDomainSocketEndPoint(Listen.Split(' ')[0])
        : new IPEndPoint(IPAddress.Parse(Host), Port);

    private string Host => Listen[..Listen.LastIndexOf(':')].Trim('[', ']');

    private int Port => int.Parse(Listen[(Listen.LastIndexOf(':') + 1)..]);

    /// <summary>The servers' names in the file: <c>shard0</c>.</summary>
    public static string ServerName(int index) => $"shard{index}";

    internal void AppendTo(StringBuilder yaml)
    {
        yaml.Append($"  {Name}:\n    listen: \"{Listen}\"\n    distribution: {Distribution}\n");
        foreach (var key in Keys)
        {
            yaml.Append($"    {key}\n");
        }

        yaml.Append("    servers:\n");
        for (var i = 0; i < Servers.Count; i++)
        {
            yaml.Append($"      - \"{Servers[i]}:1 {ServerName(i)}\"\n");
        }
    }
}
