namespace Proxy.Core.Requests.Sessions;

/// <summary>
/// What stands between a client and the ordinary way of its requests; most clients have nothing of it. <see cref="GuardedRouter"/> looks at
/// it.
/// </summary>
[Flags]
internal enum SessionGate : byte
{
    /// <summary>Nothing: a request is handled by its command alone.</summary>
    None = 0,

    /// <summary>It has not given the password.</summary>
    NoAuth = 1,

    /// <summary>CLIENT REPLY OFF or SKIP: requests are handled, but their replies are not sent.</summary>
    Muted = 2,

    /// <summary>It speaks version 2 of RESP and is subscribed to something: it may do little else.</summary>
    Subscriber = 4,

    /// <summary>MULTI: requests are queued until EXEC.</summary>
    Multi = 8,

    /// <summary>Its user may not do everything.</summary>
    Restricted = 16,

    /// <summary>CLIENT TRACKING: requests go over connections of its own.</summary>
    Tracking = 32,

    /// <summary>MONITOR: it may not use keys.</summary>
    Monitor = 64,

    /// <summary>CLIENT PAUSE: some or all requests wait.</summary>
    Paused = 128,
}
