namespace Proxy.Core.Metrics;

/// <summary>Why an established connection to a server ended. The label <c>reason</c> is the name in snake case.</summary>
internal enum ServerCloseReason
{
    /// <summary>The server closed it.</summary>
    Eof,

    /// <summary>It broke: reset, broken pipe.</summary>
    Reset,

    /// <summary>Its oldest request was overdue by <c>server_hard_timeout</c>.</summary>
    Timeout,

    /// <summary>The server sent something that is not RESP, or a reply nobody asked for.</summary>
    Protocol,

    /// <summary>The proxy no longer needs it: reload, ejection, shutdown.</summary>
    Retired,

    /// <summary>An exception: a bug.</summary>
    Error,
}
