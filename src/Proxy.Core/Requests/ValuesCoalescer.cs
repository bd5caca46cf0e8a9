using System.Buffers;
using Proxy.Resp;

namespace Proxy.Core.Requests;

/// <summary>
/// <c>*2 a c</c> and <c>*1 b</c> make <c>*3 a b c</c>: each key takes the next element of its fragment's reply, whose elements
/// are in the keys' order.
/// </summary>
internal sealed class ValuesCoalescer : Coalescer
{
    /// <inheritdoc/>
    public override void Write(GatheredRequest request, IBufferWriter<byte> output)
    {
        foreach (var fragment in request.Fragments)
        {
            var reader = new ReplyReader(fragment.Reply);
            if (!reader.TryReadArrayHeader(out var count) || count != fragment.Keys)
            {
                output.Write(Replies.UnexpectedFragmentReply);
                return;
            }

            fragment.ReadOffset = reader.Position;
        }

        RespWriter.ArrayHeader(output, request.FragmentOfKey.Count);
        foreach (var index in request.FragmentOfKey)
        {
            var fragment = request.Fragments[index];
            var reader = new ReplyReader(fragment.Reply[fragment.ReadOffset..]);
            output.Write(reader.ReadElement());
            fragment.ReadOffset += reader.Position;
        }
    }
}
