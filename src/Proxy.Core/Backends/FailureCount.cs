using Proxy.Core.Metrics;

namespace Proxy.Core.Backends;

/// <summary>What a failure counts as.</summary>
internal static class FailureCount
{
    /// <summary>Of an attempt to open a connection.</summary>
    public static ServerConnectFailure OfConnect(FailureKind kind) => kind switch
    {
        FailureKind.Refused => ServerConnectFailure.Refused,
        FailureKind.TimedOut => ServerConnectFailure.Timeout,
        FailureKind.HostUnknown => ServerConnectFailure.Resolve,
        FailureKind.Unreachable => ServerConnectFailure.Unreachable,
        FailureKind.AuthenticationFailed => ServerConnectFailure.Auth,
        FailureKind.HandshakeFailed or FailureKind.SelectFailed or FailureKind.Busy => ServerConnectFailure.Handshake,
        FailureKind.Lost or FailureKind.Reset => ServerConnectFailure.Closed,
        _ => ServerConnectFailure.Error,
    };

    /// <summary>Of an established connection.</summary>
    public static ServerCloseReason OfClose(FailureKind kind) => kind switch
    {
        FailureKind.Reset => ServerCloseReason.Reset,
        FailureKind.Lost => ServerCloseReason.Eof,
        _ => ServerCloseReason.Error,
    };
}
