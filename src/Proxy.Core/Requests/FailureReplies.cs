using System.Buffers;
using System.Text;
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
            case FailureKind.AuthenticationFailed:
                Replies.AuthenticationFailed(output, Encoding.UTF8.GetBytes(failure.Detail ?? ""), pool, server);
                break;
            case FailureKind.HandshakeFailed:
                Replies.HandshakeFailed(output, Encoding.UTF8.GetBytes(failure.Detail ?? ""), pool, server);
                break;
            case FailureKind.SelectFailed:
                Replies.SelectFailed(output, Encoding.UTF8.GetBytes(failure.Detail ?? ""), pool, server);
                break;
            case FailureKind.Busy:
                Replies.Busy(output, Encoding.UTF8.GetBytes(failure.Detail ?? ""));
                break;
            case FailureKind.QueueFull:
                Replies.QueueFull(output, pool, server);
                break;
            case FailureKind.LeaseLimit:
                Replies.LeaseLimit(output, pool, server);
                break;
            case FailureKind.AllEjected:
                Replies.NoLiveServer(output, pool);
                break;
            default:
                Replies.Failure(output, TextOf(failure.Kind), pool, server);
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
        FailureKind.AuthenticationFailed or FailureKind.HandshakeFailed or FailureKind.SelectFailed or FailureKind.Busy => RequestErrorReason.ServerAuth,
        FailureKind.QueueFull => RequestErrorReason.QueueFull,
        FailureKind.LeaseLimit => RequestErrorReason.LeaseLimit,
        _ => RequestErrorReason.NoServer,
    };

    private static ServerFailure TextOf(FailureKind kind) => kind switch
    {
        FailureKind.Refused => ServerFailure.Refused,
        FailureKind.TimedOut => ServerFailure.TimedOut,
        FailureKind.Reset => ServerFailure.Reset,
        FailureKind.HostUnknown => ServerFailure.HostDown,
        FailureKind.Unreachable => ServerFailure.Unreachable,
        FailureKind.Garbage => ServerFailure.InvalidReply,
        _ => ServerFailure.Lost,
    };
}
