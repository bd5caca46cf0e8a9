using System.Net;
using System.Text;

namespace Proxy.Testing;

/// <summary>
/// A proxy's configuration file, as text. Without admin endpoint and statistics port unless <see cref="Keys"/> name them.
/// </summary>
public sealed record ProxyFile
{
    public required IReadOnlyList<PoolText> Pools { get; init; }

    /// <summary>Keys of the process, a line each: <c>drain_timeout: 2s</c>.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Leaves the admin address, the statistics port and the transport to the proxy's own defaults.</summary>
    public bool WithoutDefaults { get; init; }

    /// <summary>Every address that the file names: pools, admin endpoint, statistics port.</summary>
    public IEnumerable<EndPoint> EndPoints =>
    [
        .. Pools.Select(pool => pool.EndPoint),
        .. Keys.Where(key => KeyOf(key) is "admin" or "stats").Select(key => IPEndPoint.Parse(key[(KeyOf(key).Length + 1)..].Trim())),
    ];

    /// <summary>One pool before the given servers.</summary>
    public static ProxyFile Of(IEnumerable<string> servers, params string[] poolKeys) =>
        new() { Pools = [new PoolText { Servers = [.. servers], Keys = poolKeys }] };

    public override string ToString()
    {
        var yaml = new StringBuilder();
        string[] defaults = WithoutDefaults ? [] : ["admin: off", "stats: off", $"transport: {ProxyProcess.Transport}"];
        var keys = defaults.Where(key => !Keys.Any(own => KeyOf(own) == KeyOf(key))).Concat(Keys).ToList();
        yaml.Append(keys.Count == 0 ? "" : "proxy:\n");
        foreach (var key in keys)
        {
            yaml.Append($"  {key}\n");
        }

        yaml.Append("pools:\n");
        foreach (var pool in Pools)
        {
            pool.AppendTo(yaml);
        }

        return yaml.ToString();
    }

    private static string KeyOf(string line) => line.Split(':')[0];
}
