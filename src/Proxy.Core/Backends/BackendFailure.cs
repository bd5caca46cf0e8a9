using Proxy.Core.Topology;

namespace Proxy.Core.Backends;

/// <summary>A failure as a value: it travels to every request it concerns and ends as the text of a reply.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Server">Where.</param>
/// <param name="Detail">The server's or the system's own words, where there are any.</param>
internal sealed record BackendFailure(FailureKind Kind, Server Server, string? Detail = null)
{
    /// <summary>For the log: what happened, in the words of the error that clients get, and what more is known.</summary>
    public override string ToString()
    {
        var text = Kind switch
        {
            FailureKind.Refused => "connection refused",
            FailureKind.TimedOut => "timed out",
            FailureKind.Reset => "connection reset by the server",
            FailureKind.Lost => "connection closed by the server",
            FailureKind.HostUnknown => "the host name does not resolve",
            FailureKind.Unreachable => "cannot be reached",
            FailureKind.Garbage => "the server sent something that is no reply to a request",
            FailureKind.AuthenticationFailed => "the server refused the password",
            FailureKind.HandshakeFailed => "the server refused the handshake",
            FailureKind.SelectFailed => "the server refused the database",
            FailureKind.Busy => "the server runs a script",
            FailureKind.QueueFull => "server_queue_limit reached",
            FailureKind.LeaseLimit => "leased_connections reached",
            _ => "no live server",
        };
        return Detail is null ? text : $"{text}: {Detail}";
    }
}
