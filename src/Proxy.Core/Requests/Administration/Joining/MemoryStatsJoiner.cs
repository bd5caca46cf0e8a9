using System.Buffers;
using System.Text;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>MEMORY STATS: bytes and counts are added; of ratios, percentages and averages the greatest, which is the worst, is told.</summary>
internal sealed class MemoryStatsJoiner : ReplyJoiner
{
    /// <summary>The only one.</summary>
    public static MemoryStatsJoiner Instance { get; } = new();

    /// <inheritdoc/>
    public override bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version)
    {
        if (replies.Any(reply => !reply.Reply.HasItems))
        {
            return false;
        }

        Write([.. replies.Select(reply => reply.Reply)], output, version);
        return true;
    }

    private static void Write(IReadOnlyList<ReplyNode> maps, IBufferWriter<byte> output, int version)
    {
        var figures = maps.SelectMany(map => map.Pairs).GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal).ToList();
        RespWriter.MapHeader(output, figures.Count, version);
        foreach (var figure in figures)
        {
            RespWriter.Bulk(output, Encoding.Latin1.GetBytes(figure.Key));
            if (figure.All(value => value.HasItems))
            {
                // One for each database: db.0.
                Write([.. figure], output, version);
            }
            else if (figure.All(value => value.Kind == (byte)':') && !figure.Key.EndsWith("bytes-per-key", StringComparison.Ordinal))
            {
                RespWriter.Integer(output, figure.Sum(value => value.Integer));
            }
            else
            {
                figure.MaxBy(value => value.Number)!.WriteTo(output);
            }
        }
    }
}
