using System.Buffers;
using System.Globalization;
using System.Text;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>
/// LATENCY HISTOGRAM: for each command the calls of all servers and how many of them took at most so many microseconds.
/// </summary>
internal sealed class LatencyHistogramJoiner : ReplyJoiner
{
    /// <summary>The only one.</summary>
    public static LatencyHistogramJoiner Instance { get; } = new();

    /// <inheritdoc/>
    public override bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version)
    {
        var all = replies.SelectMany(reply => reply.Reply.Pairs).ToList();
        if (replies.Any(reply => !reply.Reply.HasItems) || all.Any(pair => pair.Value["calls"] is null || pair.Value["histogram_usec"] is null))
        {
            return false;
        }

        var commands = all.GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal).ToList();
        RespWriter.MapHeader(output, commands.Count, version);
        foreach (var command in commands)
        {
            RespWriter.Bulk(output, Encoding.Latin1.GetBytes(command.Key));
            RespWriter.MapHeader(output, 2, version);
            RespWriter.Bulk(output, "calls"u8);
            RespWriter.Integer(output, command.Sum(histogram => histogram["calls"]!.Integer));
            RespWriter.Bulk(output, "histogram_usec"u8);
            WriteBuckets([.. command.Select(histogram => Buckets(histogram["histogram_usec"]!))], output, version);
        }

        return true;
    }

    private static List<(long Micros, long Calls)> Buckets(ReplyNode histogram) =>
        [.. histogram.Pairs.Select(pair => (long.TryParse(pair.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var micros) ? micros : 0, pair.Value.Integer))];

    // The counts rise with the bounds, and a server leaves out a bound at which its count does not rise: what it had at the last bound below holds there.
    private static void WriteBuckets(List<List<(long Micros, long Calls)>> histograms, IBufferWriter<byte> output, int version)
    {
        var bounds = histograms.SelectMany(buckets => buckets.Select(bucket => bucket.Micros)).Distinct().Order().ToList();
        RespWriter.MapHeader(output, bounds.Count, version);
        foreach (var bound in bounds)
        {
            RespWriter.Integer(output, bound);
            RespWriter.Integer(output, histograms.Sum(buckets => buckets.Where(bucket => bucket.Micros <= bound).Select(bucket => bucket.Calls).DefaultIfEmpty().Max()));
        }
    }
}
