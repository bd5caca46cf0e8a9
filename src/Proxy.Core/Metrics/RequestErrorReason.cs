namespace Proxy.Core.Metrics;

/// <summary>
/// Why the proxy itself answered a request with an error. The label <c>reason</c> is the name in snake case.
/// Reasons from <see cref="NoServer"/> on are failures to forward: twemproxy's <c>forward_error</c>.
/// </summary>
internal enum RequestErrorReason
{
    /// <summary>No such command or subcommand.</summary>
    UnknownCommand,

    /// <summary>Wrong number of arguments.</summary>
    Arity,

    /// <summary>A command that this proxy does not support.</summary>
    NotSupported,

    /// <summary>A command that the configuration forbids.</summary>
    Denied,

    /// <summary>Keys on different servers for a command that cannot be split.</summary>
    Crossslot,

    /// <summary>The client has not authenticated.</summary>
    Noauth,

    /// <summary>The client sent a wrong password.</summary>
    Wrongpass,

    /// <summary>Not RESP; the connection is closed behind the error.</summary>
    Protocol,

    /// <summary>Larger than <c>max_request_size</c>.</summary>
    TooLarge,

    /// <summary>Arguments that the proxy's own answer to a command does not take.</summary>
    Invalid,

    /// <summary>The key belongs to no server: every server is ejected, or a range takes no such key.</summary>
    NoServer,

    /// <summary>The server refuses connections or was down when the request came.</summary>
    ServerDown,

    /// <summary>The server's name could not be resolved.</summary>
    Resolve,

    /// <summary>The connection was lost with the request on it.</summary>
    ConnectionLost,

    /// <summary>No answer within <c>timeout</c> or <c>server_hard_timeout</c>.</summary>
    Timeout,

    /// <summary>The server's queue is full.</summary>
    QueueFull,

    /// <summary>The pool has its <c>leased_connections</c> already.</summary>
    LeaseLimit,

    /// <summary>The server refused our password or database.</summary>
    ServerAuth,

    /// <summary>The server answered something that is not RESP.</summary>
    ServerProtocol,

    /// <summary>The process's <c>memory_limit</c> is reached.</summary>
    MemoryLimit,
}
