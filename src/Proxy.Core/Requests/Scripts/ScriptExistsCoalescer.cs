using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Scripts;

/// <summary>
/// SCRIPT EXISTS: 1 where EVALSHA will find the script on whatever server, because each that answers has it, or because the proxy will load it
/// there. One for each request.
/// </summary>
/// <param name="isKept">For each name in the request, whether the proxy has the script.</param>
internal sealed class ScriptExistsCoalescer(bool[] isKept) : Coalescer
{
    /// <inheritdoc/>
    public override bool NeedsAll => false;

    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        var exists = new bool[isKept.Length];
        exists.AsSpan().Fill(true);
        foreach (var fragment in request.Fragments)
        {
            if (!fragment.HasSucceeded)
            {
                continue;
            }

            if (LogicalCoalescer.Read(fragment.CopyReply()) is not { } here || here.Length != exists.Length)
            {
                output.Append(Replies.UnexpectedFragmentReply);
                return;
            }

            for (var i = 0; i < exists.Length; i++)
            {
                exists[i] &= here[i];
            }
        }

        RespWriter.ArrayHeader(output, exists.Length);
        for (var i = 0; i < exists.Length; i++)
        {
            RespWriter.Integer(output, exists[i] || isKept[i] ? 1 : 0);
        }
    }
}
