using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.PubSub;

/// <summary><c>:2</c> and <c>:1</c> make <c>:2</c>: PUBSUB NUMPAT, since every pattern of ours is subscribed at every server.</summary>
internal sealed class GreatestCoalescer : Coalescer
{
    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        var greatest = 0L;
        foreach (var fragment in request.Fragments)
        {
            if (!new ReplyReader(fragment.Reply.FirstSpan).TryReadInteger(out var value))
            {
                output.Append(Replies.UnexpectedFragmentReply);
                return;
            }

            greatest = Math.Max(greatest, value);
        }

        RespWriter.Integer(output, greatest);
    }
}
