using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Proxy.Core.Metrics;

namespace Proxy.Host.Statistics;

/// <summary>
/// twemproxy's JSON document of all statistics, as monitoring systems read it from its statistics port:
/// <c>{"service":"nutcracker","source":"host","version":"…","uptime":1,"timestamp":2,"total_connections":3,"curr_connections":4,
/// "pool":{"client_eof":0,…,"server":{"server_eof":0,…}}}</c>
/// </summary>
internal static class StatisticsDocument
{
    // What reads this document looks for this name: it says whose format it is.
    private const string Service = "nutcracker";

    // Names may be in any language and are shown by tools that print the text as it is; quotes and control characters are escaped all the same.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document as one line of UTF-8 with a line feed at the end. The array is the caller's.</summary>
    public static byte[] Write(ProxyStatistics statistics, string source, string version)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("service", Service);
            json.WriteString("source", source);
            json.WriteString("version", version);
            json.WriteNumber("uptime", (long)statistics.Uptime.TotalSeconds);
            json.WriteNumber("timestamp", statistics.Time.ToUnixTimeSeconds());
            json.WriteNumber("total_connections", statistics.TotalConnections);
            json.WriteNumber("curr_connections", statistics.CurrentConnections);
            foreach (var pool in statistics.Pools)
            {
                WritePool(json, pool);
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
        return output.WrittenSpan.ToArray();
    }

    private static void WritePool(Utf8JsonWriter json, PoolTotals pool)
    {
        json.WriteStartObject(pool.Name);
        WriteValues(json, StatisticsCatalog.Pool, pool);
        foreach (var server in pool.Servers)
        {
            json.WriteStartObject(server.Name);
            WriteValues(json, StatisticsCatalog.Server, server);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteValues<TSubject>(Utf8JsonWriter json, IReadOnlyList<Statistic<TSubject>> statistics, TSubject subject)
    {
        foreach (var statistic in statistics)
        {
            json.WriteNumber(statistic.Name, statistic.Value(subject));
        }
    }
}
