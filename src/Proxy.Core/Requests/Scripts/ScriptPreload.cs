using Proxy.Core.Backends;
using Proxy.Core.Topology;

namespace Proxy.Core.Requests.Scripts;

/// <summary>A SCRIPT LOAD of the proxy's own before somebody's EVALSHA. Nobody waits for its reply.</summary>
internal sealed class ScriptPreload : InFlight
{
    private readonly FreeList<ScriptPreload> _home;
    private LoadedScripts? _loaded;
    private long _script;

    public ScriptPreload(FreeList<ScriptPreload> home)
    {
        _home = home;
    }

    /// <summary>It loads a script.</summary>
    /// <param name="script">Which.</param>
    /// <param name="loaded">What is known of the socket that it goes over.</param>
    public void Begin(KeptScript script, LoadedScripts loaded)
    {
        _script = script.Id;
        _loaded = loaded;
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        // Whom the server lets load nothing is not sent the text again and again: if it lacks the script, its NOSCRIPT says so.
        if (kind == '-' && !bytes.StartsWith("-NOPERM"u8))
        {
            _loaded!.Remove(_script);
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure) => _loaded!.Remove(_script);

    /// <inheritdoc/>
    public override void Recycle()
    {
        _loaded = null;
        ResetPlace();
        _home.Return(this);
    }
}
