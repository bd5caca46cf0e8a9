using System.Net.Sockets;
using Proxy.Core.Topology;

namespace Proxy.Core.Backends;

/// <summary>What an error of a socket means for the requests that wanted it.</summary>
internal static class SocketFailures
{
    /// <summary>The failure, with the system's own words where the kind does not say it all.</summary>
    public static BackendFailure Describe(Server server, SocketException exception)
    {
        var kind = Kind(exception.SocketErrorCode);
        return new BackendFailure(kind, server, kind is FailureKind.Unreachable or FailureKind.Reset ? exception.Message : null);
    }

    /// <summary>The kind of failure.</summary>
    public static FailureKind Kind(SocketError error) => error switch
    {
        // A Unix socket whose file is missing has no address.
        SocketError.ConnectionRefused or SocketError.AddressNotAvailable => FailureKind.Refused,
        SocketError.TimedOut => FailureKind.TimedOut,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => FailureKind.HostUnknown,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown => FailureKind.Unreachable,
        _ => FailureKind.Reset,
    };
}
