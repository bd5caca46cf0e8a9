using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Gathering;

/// <summary><c>:2</c> and <c>:1</c> make <c>:3</c>.</summary>
internal sealed class SumCoalescer : Coalescer
{
    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        var sum = 0L;
        foreach (var fragment in request.Fragments)
        {
            if (!new ReplyReader(fragment.Reply.FirstSpan).TryReadInteger(out var value))
            {
                output.Append(Replies.UnexpectedFragmentReply);
                return;
            }

            sum += value;
        }

        RespWriter.Integer(output, sum);
    }
}
