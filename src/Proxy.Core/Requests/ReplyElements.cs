using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests;

/// <summary>Takes a whole array of a server apart, from the front.</summary>
/// <param name="reply">The reply; what is taken leaves it.</param>
internal sealed class ReplyElements(OutBuffer reply)
{
    private readonly ReplyScanner _scanner = new();

    /// <summary>Takes <c>*2\r\n</c> off the front; false, and nothing happens, if the reply is no array.</summary>
    public bool TryTakeHeader(out int count)
    {
        // A header may lie in two blocks: the first byte of a reply may have come alone.
        Span<byte> header = stackalloc byte[ReplyReader.MaxHeaderLength];
        var begun = reply.CopyFirst(header);
        count = 0;
        if (begun is not [(byte)'*', not (byte)'-', ..])
        {
            return false;
        }

        var reader = new ReplyReader(begun);
        if (!reader.TryReadArrayHeader(out count))
        {
            return false;
        }

        reply.DropFirst(reader.Position);
        return true;
    }

    /// <summary>Moves the next element to <paramref name="output"/>.</summary>
    public void MoveNext(OutBuffer output)
    {
        var status = ReplyScanStatus.NeedMore;
        while (status == ReplyScanStatus.NeedMore && !reply.IsEmpty)
        {
            status = _scanner.Scan(reply.FirstSpan, out var length);
            reply.MoveFirst(length, output);
        }
    }
}
