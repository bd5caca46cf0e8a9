using Proxy.Core.Metrics;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Sessions;

/// <summary>
/// The way of a request whose client has something in its <see cref="ClientSession.Gate"/>: what Redis checks before a command is looked
/// at, in Redis's order. What gets through goes the ordinary way.
/// </summary>
internal sealed class GuardedRouter
{
    private readonly RequestRouter _ordinary;
    private readonly PendingRequests _pending;

    /// <param name="ordinary">Takes what gets through.</param>
    /// <param name="pending">The worker's.</param>
    public GuardedRouter(RequestRouter ordinary, PendingRequests pending)
    {
        _ordinary = ordinary;
        _pending = pending;
    }

    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, CommandLookup lookup, CommandInfo? command, in RequestFrame frame)
    {
        if (client.ReplyMode != ReplyMode.SkipNext)
        {
            return Check(client, lookup, command, frame);
        }

        // This is the one whose reply is skipped, also if it is an error.
        client.ReplyMode = ReplyMode.Skip;
        var isTaken = Check(client, lookup, command, frame);
        if (client.ReplyMode == ReplyMode.Skip)
        {
            client.ReplyMode = isTaken ? ReplyMode.On : ReplyMode.SkipNext;
        }

        return isTaken;
    }

    private bool Check(ClientSession client, CommandLookup lookup, CommandInfo? command, in RequestFrame frame)
    {
        if (lookup != CommandLookup.Found)
        {
            _ordinary.RefuseUnknown(client, frame, lookup, command);
            return true;
        }

        if (!client.IsAuthenticated && (command!.Flags & CommandFlags.NoAuth) == 0)
        {
            _pending.Refuse(client, command, RequestErrorReason.Noauth, Replies.NoAuth);
            return true;
        }

        return _ordinary.Dispatch(client, command!, frame);
    }
}
