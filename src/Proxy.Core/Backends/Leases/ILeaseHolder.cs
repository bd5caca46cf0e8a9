namespace Proxy.Core.Backends.Leases;

/// <summary>Whoever has a <see cref="LeasedConnection"/> for itself. Called on the worker's loop.</summary>
internal interface ILeaseHolder
{
    /// <summary>True if what the server sends unasked is meant for the holder whatever it is: see <see cref="IPushSink.TakesUnasked"/>.</summary>
    public bool TakesUnasked => false;

    /// <summary>A push, whole. It is valid during the call only, inside the reading of its buffer.</summary>
    public void OnPush(LeasedConnection lease, ReadOnlySpan<byte> frame);

    /// <summary>A push came that was too large to be kept.</summary>
    public void OnPushDropped(LeasedConnection lease)
    {
    }

    /// <summary>
    /// It is closed, or could not be opened; its requests were failed before. Not called after <see cref="LeasedConnection.GiveBack"/> or
    /// <see cref="LeasedConnection.Close"/>.
    /// </summary>
    public void OnLost(LeasedConnection lease, BackendFailure failure);

    /// <summary>The server leaves the pool, or the proxy ends: the lease is to be given back, or closed, soon.</summary>
    public void OnRetired(LeasedConnection lease);
}
