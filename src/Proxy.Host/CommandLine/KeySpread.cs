using System.Globalization;
using System.Text;
using Proxy.Core.Model;
using Proxy.Partitioning;

namespace Proxy.Host.CommandLine;

/// <summary>Counts how keys spread over the servers.</summary>
internal static class KeySpread
{
    /// <summary>
    /// Reads keys, one a line, each exactly the bytes before the line feed; empty lines do not count. Prints
    /// <c>SERVER&lt;TAB&gt;KEYS&lt;TAB&gt;PERCENT</c> for every server in the order of the file, and a line <c>-</c> for keys that no
    /// server takes.
    /// </summary>
    /// <returns>The exit code: 1 when there was such a key.</returns>
    public static int Print(PoolModel pool, Partitioner partitioner, Stream input, Stream output)
    {
        var counts = new long[pool.Servers.Length];
        var nobody = 0L;
        foreach (var key in new KeyLines(input))
        {
            var index = partitioner.Route(key.Span);
            if (index < 0)
            {
                nobody++;
            }
            else
            {
                counts[index]++;
            }
        }
        using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        var total = counts.Sum() + nobody;
        for (var index = 0; index < counts.Length; index++)
        {
            writer.WriteLine(Line(pool.Servers[index].Name, counts[index], total));
        }
        if (nobody > 0)
        {
            writer.WriteLine(Line("-", nobody, total));
        }
        return nobody > 0 ? 1 : 0;
    }

    private static string Line(string server, long keys, long total)
    {
        var percent = total == 0 ? 0 : 100.0 * keys / total;
        return string.Create(CultureInfo.InvariantCulture, $"{server}\t{keys}\t{percent:F2}");
    }
}
