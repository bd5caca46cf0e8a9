using Proxy.Core.Backends;

namespace Proxy.Core.Requests;

/// <summary>
/// A client's request at a server. Where it stays behind on a connection that new requests no longer take, its client waits until it is done.
/// </summary>
internal abstract class ClientInFlight : InFlight
{
    private ClientSession? _held;

    /// <summary>Whose it is; null once the client is gone or has its answer.</summary>
    protected abstract ClientSession? Client { get; }

    /// <inheritdoc/>
    public override void HoldClient()
    {
        if (_held is null && Client is { } client)
        {
            _held = client;
            client.Hold();
        }
    }

    /// <summary>Who waits for it; is to be released, once this object may be used for the next request. Null if nobody does.</summary>
    protected ClientSession? TakeHeld()
    {
        var held = _held;
        _held = null;
        return held;
    }

    /// <summary>Its client may go on, also if the reply is still to come and be swallowed.</summary>
    protected void ReleaseHold() => TakeHeld()?.Release();
}
