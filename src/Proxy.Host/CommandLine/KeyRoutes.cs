using System.Text;
using Proxy.Core.Model;
using Proxy.Partitioning;

namespace Proxy.Host.CommandLine;

/// <summary>Prints where keys go.</summary>
internal static class KeyRoutes
{
    /// <summary>
    /// Prints <c>KEY&lt;TAB&gt;SERVER&lt;TAB&gt;ADDRESS</c> for each key, with <c>-</c> for both where no server takes it.
    /// </summary>
    /// <returns>The exit code: 1 when there was such a key.</returns>
    public static int Print(PoolModel pool, Partitioner partitioner, IReadOnlyList<byte[]> keys, Stream output)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        var isComplete = true;
        foreach (var key in keys)
        {
            var index = partitioner.Route(key);
            var server = index < 0 ? null : pool.Servers[index];
            writer.WriteLine($"{KeyText.Of(key)}\t{server?.Name ?? "-"}\t{server?.Address.Text ?? "-"}");
            isComplete &= server is not null;
        }
        return isComplete ? 0 : 1;
    }
}
