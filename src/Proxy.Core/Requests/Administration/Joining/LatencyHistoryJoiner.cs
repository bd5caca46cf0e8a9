using System.Buffers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>LATENCY HISTORY: the spikes of an event on all servers, in the order of time.</summary>
internal sealed class LatencyHistoryJoiner : ReplyJoiner
{
    /// <summary>The only one.</summary>
    public static LatencyHistoryJoiner Instance { get; } = new();

    /// <inheritdoc/>
    public override bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version)
    {
        // A spike: when it was, how long it took.
        if (replies.Any(reply => !reply.Reply.HasItems || reply.Reply.Items.Any(spike => spike.Items.Count != 2)))
        {
            return false;
        }

        var spikes = replies.SelectMany(reply => reply.Reply.Items).OrderBy(spike => spike.Items[0].Integer).ToList();
        RespWriter.ArrayHeader(output, spikes.Count);
        spikes.ForEach(spike => spike.WriteTo(output));
        return true;
    }
}
