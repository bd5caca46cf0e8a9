using Proxy.Core.Backends;
using Proxy.Core.Requests.Forwarding;
using Proxy.Core.Topology;

namespace Proxy.Core.Requests.Scripts;

/// <summary>An EVALSHA of a script that the proxy keeps: if the server does not know it after all, it is loaded before the next.</summary>
internal sealed class DigestRequest : ForwardedRequest
{
    private LoadedScripts? _loaded;
    private long _script;

    public DigestRequest(FreeList<ForwardedRequest> home)
        : base(home)
    {
    }

    /// <summary>It runs a script.</summary>
    /// <param name="script">Which.</param>
    /// <param name="loaded">What is known of the socket that it goes over.</param>
    public void Of(KeptScript script, LoadedScripts loaded)
    {
        _script = script.Id;
        _loaded = loaded;
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (kind == '-' && bytes.StartsWith("-NOSCRIPT"u8))
        {
            _loaded?.Remove(_script);
        }

        base.OnReply(bytes, kind, last);
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        _loaded = null;
        base.Recycle();
    }
}
