namespace Proxy.Core.Backends;

/// <summary>Somebody who feeds a server and waits until it takes more.</summary>
internal interface IDrainWaiter
{
    /// <summary>The server took what was waiting, or it was given up. Called on the worker's loop.</summary>
    public void OnDrained();
}
