using System.Buffers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Users;

/// <summary>The words for what a user may not do.</summary>
internal static class Denials
{
    /// <summary>What a request is answered with, as it comes.</summary>
    public static ReadOnlySpan<byte> Line(this Denial denial, CommandInfo command)
    {
        switch (denial)
        {
            case Denial.Command:
                var line = new ArrayBufferWriter<byte>();
                Replies.NoPermission(line, command.Name);
                return line.WrittenSpan;
            case Denial.Key:
                return Replies.NoPermissionForKey;
            case Denial.Channel:
                return Replies.NoPermissionForChannel;
            default:
                return denial == Denial.SortBy ? Replies.SortByDenied : Replies.SortGetDenied;
        }
    }

    /// <summary>The element of a queued request in the reply to EXEC.</summary>
    public static ReadOnlySpan<byte> LineInExec(this Denial denial) => denial switch
    {
        Denial.Command => Replies.CommandNoLongerAllowed,
        Denial.Key => Replies.KeyNoLongerAllowed,
        Denial.Channel => Replies.ChannelNoLongerAllowed,
        Denial.SortBy => Replies.SortByDenied,
        _ => Replies.SortGetDenied,
    };

    /// <summary>Whether a request is refused for it already when it is queued.</summary>
    public static bool IsSeenAtOnce(this Denial denial) => denial is Denial.Command or Denial.Key or Denial.Channel;
}
