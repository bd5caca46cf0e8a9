namespace Proxy.Core.Backends;

/// <summary>Why a server could not answer a request.</summary>
internal enum FailureKind
{
    /// <summary>Nobody listens there.</summary>
    Refused,

    /// <summary>No answer, or no connection, in time.</summary>
    TimedOut,

    /// <summary>The server reset the connection with requests outstanding.</summary>
    Reset,

    /// <summary>The server closed the connection with requests outstanding.</summary>
    Lost,

    /// <summary>Its name does not resolve.</summary>
    HostUnknown,

    /// <summary>It cannot be reached: no route, network down, or another error of the socket.</summary>
    Unreachable,

    /// <summary>It answered something that is not RESP, or more than was asked.</summary>
    Garbage,

    /// <summary>It refused our password.</summary>
    AuthenticationFailed,

    /// <summary>It refused HELLO 3, or the handshake went wrong in another way.</summary>
    HandshakeFailed,

    /// <summary>It refused the database.</summary>
    SelectFailed,

    /// <summary>It runs a script, and takes nothing but what ends that.</summary>
    Busy,

    /// <summary><c>server_queue_limit</c> requests wait on the connection already.</summary>
    QueueFull,

    /// <summary>The pool has its <c>leased_connections</c> already.</summary>
    LeaseLimit,

    /// <summary>All servers of the pool are ejected.</summary>
    AllEjected,
}
