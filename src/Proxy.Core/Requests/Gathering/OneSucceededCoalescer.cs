using Proxy.Core.Workers;

namespace Proxy.Core.Requests.Gathering;

/// <summary><c>+OK</c> and <c>-NOTBUSY …</c> make <c>+OK</c>: the first success is the reply, whatever the others say.</summary>
internal class OneSucceededCoalescer : Coalescer
{
    /// <inheritdoc/>
    public override bool NeedsAll => false;

    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        foreach (var fragment in request.Fragments)
        {
            if (fragment.HasSucceeded)
            {
                output.TakeOver(fragment.Reply);
                return;
            }
        }
    }
}
