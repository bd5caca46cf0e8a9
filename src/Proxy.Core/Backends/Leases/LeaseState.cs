namespace Proxy.Core.Backends.Leases;

/// <summary>Where a leased connection stands.</summary>
internal enum LeaseState
{
    /// <summary>Others are being opened first; requests wait.</summary>
    Waiting,

    /// <summary>A channel is being opened, or the handshake is under way on it; requests wait.</summary>
    Opening,

    /// <summary>Requests are sent.</summary>
    Ready,

    /// <summary>Closed for good.</summary>
    Closed,
}
