using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Gathering;

/// <summary><c>:2</c> and <c>:1</c> make the greater of them, or the less.</summary>
/// <param name="isGreatest">Which.</param>
internal sealed class ExtremeCoalescer(bool isGreatest) : Coalescer
{
    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        var extreme = isGreatest ? long.MinValue : long.MaxValue;
        foreach (var fragment in request.Fragments)
        {
            if (!new ReplyReader(fragment.CopyReply()).TryReadInteger(out var value))
            {
                output.Append(Replies.UnexpectedFragmentReply);
                return;
            }

            extreme = isGreatest ? Math.Max(extreme, value) : Math.Min(extreme, value);
        }

        RespWriter.Integer(output, extreme);
    }
}
