namespace Proxy.Core.Metrics;

/// <summary>Why a client's connection ended. The label <c>reason</c> is the name in snake case.</summary>
internal enum ClientCloseReason
{
    /// <summary>The client closed its side.</summary>
    Eof,

    /// <summary>The client sent QUIT.</summary>
    Quit,

    /// <summary>The connection broke: reset, broken pipe, keepalive.</summary>
    Reset,

    /// <summary>Nothing was asked for longer than <c>client_idle_timeout</c>.</summary>
    Idle,

    /// <summary>The client did not take its replies for longer than <c>client_stall_timeout</c>.</summary>
    Stalled,

    /// <summary>What it sent was not RESP.</summary>
    Protocol,

    /// <summary>Its unread replies exceeded <c>client_output_limit</c>.</summary>
    OutputLimit,

    /// <summary>The messages that waited for it exceeded <c>subscriber_output_limit</c>.</summary>
    SubscriberLimit,

    /// <summary>The process's <c>memory_limit</c> was reached.</summary>
    MemoryLimit,

    /// <summary>A reply of which a part was already sent could not be completed.</summary>
    ReplyLost,

    /// <summary>CLIENT KILL.</summary>
    Killed,

    /// <summary>A reload removed its user, or changed how it logs in.</summary>
    UserChanged,

    /// <summary>The proxy is shutting down.</summary>
    Drain,

    /// <summary>A reload removed the pool.</summary>
    Removed,

    /// <summary>An exception: a bug.</summary>
    Error,
}
