using System.Buffers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>
/// SLOWLOG GET: the entries of all servers, the newest first, as many as were asked for. Numbers of entries are each server's own.
/// </summary>
/// <param name="count">How many; negative for all.</param>
internal sealed class SlowLogJoiner(long count) : ReplyJoiner
{
    /// <summary>Redis's, where the request does not say how many.</summary>
    public const int DefaultCount = 10;

    /// <inheritdoc/>
    public override bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version)
    {
        // An entry: number, when (seconds since 1970), how long, the request, who sent it, its name.
        if (replies.Any(reply => !reply.Reply.HasItems || reply.Reply.Items.Any(entry => entry.Items.Count < 2)))
        {
            return false;
        }

        var entries = replies.SelectMany(reply => reply.Reply.Items).OrderByDescending(entry => entry.Items[1].Integer).ToList();
        var wanted = count < 0 ? entries.Count : (int)Math.Min(count, entries.Count);
        RespWriter.ArrayHeader(output, wanted);
        foreach (var entry in entries.Take(wanted))
        {
            entry.WriteTo(output);
        }

        return true;
    }
}
