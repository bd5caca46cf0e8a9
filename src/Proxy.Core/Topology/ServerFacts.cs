using System.Globalization;

namespace Proxy.Core.Topology;

/// <summary>What a server told about itself on a control connection.</summary>
/// <param name="Version">Its <c>redis_version</c>.</param>
/// <param name="IsCluster">It is a node of a Redis Cluster, where only database 0 can be selected, whatever <c>databases</c> says.</param>
/// <param name="Databases">How many databases it is configured to have; null when it did not tell.</param>
internal sealed record ServerFacts(string Version, bool IsCluster, int? Databases)
{
    /// <summary>Databases of a server with the default configuration.</summary>
    public const int DefaultDatabases = 16;

    /// <summary>How many databases can be selected.</summary>
    public int SelectableDatabases => IsCluster ? 1 : Databases ?? DefaultDatabases;

    /// <summary>False if it knows RESP2 only, as all before version 6.</summary>
    public bool KnowsResp3 => !System.Version.TryParse(Version, out var version) || version.Major >= 6;

    /// <summary>Reads the answers to the questions.</summary>
    /// <param name="info">Reply to <c>INFO server</c>.</param>
    /// <param name="databases">Reply to <c>CONFIG GET databases</c>: <c>*2 $9 databases $2 16</c>, or an error.</param>
    /// <returns>Null if the server does not tell its version.</returns>
    public static ServerFacts? Read(string info, string databases)
    {
        if (Field(info, "redis_version:") is not { } version)
        {
            return null;
        }

        var words = databases.Split("\r\n");
        int? count = words is ["*2", _, "databases", _, var number, ..] && int.TryParse(number, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : null;
        return new ServerFacts(version, Field(info, "redis_mode:") == "cluster", count);
    }

    private static string? Field(string info, string key)
    {
        var start = info.IndexOf("\n" + key, StringComparison.Ordinal) + 1;
        var end = start == 0 ? -1 : info.IndexOf('\r', start);
        return end < 0 ? null : info[(start + key.Length)..end];
    }
}
