namespace Proxy.Core.Metrics;

/// <summary>Why a connection to a server did not come to be ready. The label <c>reason</c> is the name in snake case.</summary>
internal enum ServerConnectFailure
{
    /// <summary>Nobody listens there.</summary>
    Refused,

    /// <summary>Not ready within <c>connect_timeout</c>.</summary>
    Timeout,

    /// <summary>The host name has no address.</summary>
    Resolve,

    /// <summary>No route, no such socket file, no permission.</summary>
    Unreachable,

    /// <summary>The server refused the password.</summary>
    Auth,

    /// <summary>The server refused SELECT or HELLO, or answered them with something else.</summary>
    Handshake,

    /// <summary>The server closed or reset the connection before it was ready.</summary>
    Closed,

    /// <summary>Anything else, such as no file descriptors.</summary>
    Error,
}
