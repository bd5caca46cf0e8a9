using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Gathering;

/// <summary>
/// <c>*2 a c</c> and <c>*1 b</c> make <c>*3 a b c</c>: each key takes the next element of its fragment's reply, whose elements
/// are in the keys' order.
/// </summary>
internal sealed class ValuesCoalescer : Coalescer
{
    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        foreach (var fragment in request.Fragments)
        {
            if (!TryTakeArrayHeader(fragment.Reply, out var count) || count != fragment.Keys)
            {
                output.Append(Replies.UnexpectedFragmentReply);
                return;
            }
        }

        RespWriter.ArrayHeader(output, request.FragmentOfKey.Length);
        foreach (var index in request.FragmentOfKey)
        {
            request.Fragments[index].MoveElement(output);
        }
    }

    /// <summary>Takes <c>*2\r\n</c> off the front. The reply is known to be whole and well formed.</summary>
    private static bool TryTakeArrayHeader(OutBuffer reply, out int count)
    {
        // A header may lie in two blocks: the first byte of a reply may have come alone.
        Span<byte> header = stackalloc byte[ReplyReader.MaxHeaderLength];
        var reader = new ReplyReader(reply.CopyFirst(header));
        if (!reader.TryReadArrayHeader(out count))
        {
            return false;
        }

        reply.DropFirst(reader.Position);
        return true;
    }
}
