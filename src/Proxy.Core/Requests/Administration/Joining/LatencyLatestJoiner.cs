using System.Buffers;
using System.Text;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>LATENCY LATEST: of each event the latest spike of any server, and the worst of all.</summary>
internal sealed class LatencyLatestJoiner : ReplyJoiner
{
    /// <summary>The only one.</summary>
    public static LatencyLatestJoiner Instance { get; } = new();

    /// <inheritdoc/>
    public override bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version)
    {
        // An event: its name, when it last was, how long it took then, how long at worst.
        if (replies.Any(reply => !reply.Reply.HasItems || reply.Reply.Items.Any(entry => entry.Items.Count != 4)))
        {
            return false;
        }

        var events = replies.SelectMany(reply => reply.Reply.Items).GroupBy(entry => entry.Items[0].Name, StringComparer.Ordinal).ToList();
        RespWriter.ArrayHeader(output, events.Count);
        foreach (var entries in events)
        {
            var latest = entries.MaxBy(entry => entry.Items[1].Integer)!;
            RespWriter.ArrayHeader(output, 4);
            RespWriter.Bulk(output, Encoding.Latin1.GetBytes(entries.Key));
            RespWriter.Integer(output, latest.Items[1].Integer);
            RespWriter.Integer(output, latest.Items[2].Integer);
            RespWriter.Integer(output, entries.Max(entry => entry.Items[3].Integer));
        }

        return true;
    }
}
