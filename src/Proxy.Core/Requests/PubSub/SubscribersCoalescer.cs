using Proxy.Core.Requests.Gathering;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.PubSub;

/// <summary>
/// PUBSUB NUMSUB and SHARDNUMSUB: every server's number for each name, added up, with our clients in place of our subscriptions.
/// </summary>
/// <param name="kind">What the names are.</param>
internal sealed class SubscribersCoalescer(ChannelKind kind) : Coalescer
{
    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        var replies = new byte[request.Fragments.Length][];
        for (var i = 0; i < replies.Length; i++)
        {
            replies[i] = request.Fragments[i].CopyReply();
        }

        Write(request.Subscriptions, kind, replies, output);
    }

    /// <summary>Writes the sums of servers' replies.</summary>
    public static void Write(PoolSubscriptions? subscriptions, ChannelKind kind, byte[][] replies, OutBuffer output)
    {
        var names = new List<byte[]>();
        var sums = new List<long>();
        for (var i = 0; i < replies.Length; i++)
        {
            if (!Add(replies[i], isFirst: i == 0, names, sums))
            {
                output.Append(Replies.UnexpectedFragmentReply);
                return;
            }
        }

        RespWriter.ArrayHeader(output, 2L * names.Count);
        for (var i = 0; i < names.Count; i++)
        {
            RespWriter.Bulk(output, names[i]);
            RespWriter.Integer(output, subscriptions?.CorrectSubscribed(kind, names[i], sums[i]) ?? sums[i]);
        }
    }

    // *4 a :1 b :0; the names are the request's, in its order.
    private static bool Add(byte[] reply, bool isFirst, List<byte[]> names, List<long> sums)
    {
        var reader = new ReplyReader(reply);
        if (!reader.TryReadArrayHeader(out var count) || (!isFirst && count != 2 * names.Count))
        {
            return false;
        }

        for (var i = 0; i < count / 2; i++)
        {
            if (!reader.TryReadText(out var name) || !reader.TryReadInteger(out var subscribers))
            {
                return false;
            }

            if (isFirst)
            {
                names.Add(name.ToArray());
                sums.Add(subscribers);
            }
            else
            {
                sums[i] += subscribers;
            }
        }

        return true;
    }
}
