namespace Proxy.Core.Backends;

/// <summary>Where a backend connection stands.</summary>
internal enum ConnectionState
{
    /// <summary>No channel, and none wanted until the next request.</summary>
    Idle,

    /// <summary>A channel is being opened, or AUTH, HELLO, SELECT are under way on it; requests wait.</summary>
    Opening,

    /// <summary>Requests are sent.</summary>
    Ready,

    /// <summary>The last attempt failed and the next one waits for its time; requests fail at once.</summary>
    Down,

    /// <summary>Closed for good.</summary>
    Closed,
}
