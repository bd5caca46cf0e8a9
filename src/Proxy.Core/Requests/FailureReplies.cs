using System.Buffers;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Resp;

namespace Proxy.Core.Requests;

/// <summary>A server's failure as a client reads it, and as it is counted.</summary>
internal static class FailureReplies
{
    /// <summary>Writes the error line: twemproxy's words, then the place.</summary>
    public static void Write(IBufferWriter<byte> output, BackendFailure failure)
    {
        var pool = failure.Server.PoolName;
        var server = failure.Server.Name;
        switch (failure.Kind)
        {
            case FailureKind.Refused:
                Replies.ConnectionRefused(output, pool, server);
                break;
            case FailureKind.TimedOut:
                Replies.ConnectionTimedOut(output, pool, server);
                break;
            case FailureKind.Reset:
                Replies.ConnectionReset(output, pool, server);
                break;
            case FailureKind.Lost:
                Replies.ConnectionLost(output, pool, server);
                break;
            case FailureKind.HostUnknown:
                Replies.HostIsDown(output, pool, server);
                break;
            case FailureKind.Unreachable:
                Replies.Unreachable(output, failure.Detail ?? "Connection failed", pool, server);
                break;
            case FailureKind.Garbage:
                Replies.InvalidArgument(output, pool, server);
                break;
            case FailureKind.AuthenticationFailed:
                Replies.BackendAuthenticationFailed(output, failure.Detail ?? "", pool, server);
                break;
            case FailureKind.HandshakeFailed:
                Replies.BackendHandshakeFailed(output, failure.Detail ?? "", pool, server);
                break;
            case FailureKind.QueueFull:
                Replies.ServerQueueFull(output, pool, server);
                break;
            default:
                Replies.AllServersEjected(output, pool);
                break;
        }
    }

    /// <summary>What the failure counts as.</summary>
    public static RequestErrorReason Reason(FailureKind kind) => kind switch
    {
        FailureKind.Refused or FailureKind.Unreachable => RequestErrorReason.ServerDown,
        FailureKind.TimedOut => RequestErrorReason.Timeout,
        FailureKind.Reset or FailureKind.Lost => RequestErrorReason.ConnectionLost,
        FailureKind.HostUnknown => RequestErrorReason.Resolve,
        FailureKind.Garbage => RequestErrorReason.ServerProtocol,
        FailureKind.AuthenticationFailed or FailureKind.HandshakeFailed => RequestErrorReason.ServerAuth,
        FailureKind.QueueFull => RequestErrorReason.QueueFull,
        _ => RequestErrorReason.NoServer,
    };
}
