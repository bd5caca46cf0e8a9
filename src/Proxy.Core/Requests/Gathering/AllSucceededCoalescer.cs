using Proxy.Core.Workers;

namespace Proxy.Core.Requests.Gathering;

/// <summary><c>+OK</c> and <c>+OK</c> make <c>+OK</c>.</summary>
internal sealed class AllSucceededCoalescer : Coalescer
{
    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output) => output.TakeOver(request.Fragments[0].Reply);
}
