using System.Buffers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>ACL LOG: the entries of all servers, the youngest first, as many as were asked for.</summary>
/// <param name="count">How many.</param>
internal sealed class AclLogJoiner(long count) : ReplyJoiner
{
    /// <summary>Redis's, where the request does not say how many.</summary>
    public const int DefaultCount = 10;

    /// <inheritdoc/>
    public override bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version)
    {
        if (replies.Any(reply => !reply.Reply.HasItems || reply.Reply.Items.Any(entry => entry["age-seconds"] is null)))
        {
            return false;
        }

        var entries = replies.SelectMany(reply => reply.Reply.Items).OrderBy(entry => entry["age-seconds"]!.Number).ToList();
        var wanted = (int)Math.Clamp(count, 0, entries.Count);
        RespWriter.ArrayHeader(output, wanted);
        foreach (var entry in entries.Take(wanted))
        {
            entry.WriteTo(output);
        }

        return true;
    }
}
