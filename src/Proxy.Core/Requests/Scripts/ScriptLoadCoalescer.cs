using Proxy.Core.Requests.Gathering;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Requests.Scripts;

/// <summary>SCRIPT LOAD: once one server took the script the proxy keeps it for those that did not. One for each request.</summary>
/// <param name="library">Where it is kept.</param>
/// <param name="script">The script; null if it is too large to be kept.</param>
internal sealed class ScriptLoadCoalescer(ScriptLibrary library, KeptScript? script) : OneSucceededCoalescer
{
    /// <inheritdoc/>
    public override bool NeedsAll => script is null;

    /// <inheritdoc/>
    public override void Write(GatheredRequest request, OutBuffer output)
    {
        if (script is not null)
        {
            library.Keep(script, Environment.TickCount64);
        }

        base.Write(request, output);
    }
}
