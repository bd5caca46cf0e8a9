using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Gathering;

/// <summary>
/// <c>:1</c> and <c>:0</c> make <c>:0</c> where all have to agree, and <c>:1</c> where one is enough; arrays element by element:
/// <c>*2 :1 :0</c> and <c>*2 :1 :1</c> make <c>*2 :1 :0</c>.
/// </summary>
/// <param name="isAnd">Whether all have to agree.</param>
internal sealed class LogicalCoalescer(bool isAnd) : Coalescer
{
    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        var first = request.Fragments[0].CopyReply();
        var isArray = first is [(byte)'*', ..];
        var joined = Read(first);
        foreach (var fragment in request.Fragments[1..])
        {
            var values = Read(fragment.CopyReply());
            if (values?.Length != joined?.Length)
            {
                joined = null;
            }

            for (var i = 0; i < joined?.Length; i++)
            {
                joined[i] = isAnd ? joined[i] && values![i] : joined[i] || values![i];
            }
        }

        if (joined is null)
        {
            output.Append(Replies.UnexpectedFragmentReply);
            return;
        }

        if (isArray)
        {
            RespWriter.ArrayHeader(output, joined.Length);
        }

        foreach (var value in joined)
        {
            RespWriter.Integer(output, value ? 1 : 0);
        }
    }

    /// <summary>The elements of an array of integers, or an integer as the only one; null if it is something else.</summary>
    public static bool[]? Read(byte[] reply)
    {
        var reader = new ReplyReader(reply);
        if (!reader.TryReadArrayHeader(out var count))
        {
            count = 1;
        }

        var values = new bool[Math.Max(count, 0)];
        for (var i = 0; i < values.Length; i++)
        {
            if (!reader.TryReadInteger(out var value))
            {
                return null;
            }

            values[i] = value != 0;
        }

        return values;
    }
}
