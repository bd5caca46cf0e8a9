using Proxy.Core.Requests.Gathering;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.PubSub;

/// <summary><c>*2 a b</c> and <c>*1 b</c> make <c>*2 a b</c>: PUBSUB CHANNELS and SHARDCHANNELS.</summary>
internal sealed class UnionCoalescer : Coalescer
{
    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        var seen = new HashSet<byte[]>(NameComparer.Instance);
        var names = new List<byte[]>();
        foreach (var fragment in request.Fragments)
        {
            var reader = new ReplyReader(fragment.CopyReply());
            if (!reader.TryReadArrayHeader(out var count))
            {
                output.Append(Replies.UnexpectedFragmentReply);
                return;
            }

            for (var i = 0; i < count && reader.TryReadText(out var text); i++)
            {
                var name = text.ToArray();
                if (seen.Add(name))
                {
                    names.Add(name);
                }
            }
        }

        RespWriter.ArrayHeader(output, names.Count);
        foreach (var name in names)
        {
            RespWriter.Bulk(output, name);
        }
    }
}
