using System.Buffers;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.PubSub;
using Proxy.Core.Requests.Scripts;
using Proxy.Core.Requests.Transactions;
using Proxy.Core.Requests.Users;
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
    private readonly TransactionCommands _transactions;
    private readonly Permissions _permissions;
    private readonly BusyServers _busy;

    /// <param name="ordinary">Takes what gets through.</param>
    /// <param name="pending">The worker's.</param>
    /// <param name="transactions">Takes what stands between MULTI and EXEC.</param>
    /// <param name="permissions">Knows what users may do.</param>
    /// <param name="busy">Has refused what a server that runs a script would refuse.</param>
    public GuardedRouter(
        RequestRouter ordinary, PendingRequests pending, TransactionCommands transactions, Permissions permissions, BusyServers busy)
    {
        _ordinary = ordinary;
        _pending = pending;
        _transactions = transactions;
        _permissions = permissions;
        _busy = busy;
    }

    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, CommandLookup lookup, CommandInfo? command, in RequestFrame frame)
    {
        var isTaken = RouteMuted(client, lookup, command, frame);
        if (isTaken && client.Tracking is { IsCachingGiven: true } tracking)
        {
            tracking.OnTaken(command);
        }

        return isTaken;
    }

    private bool RouteMuted(ClientSession client, CommandLookup lookup, CommandInfo? command, in RequestFrame frame)
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
            Taint(client, command);
            _ordinary.RefuseUnknown(client, frame, lookup, command);
            return true;
        }

        if (!client.IsAuthenticated && (command!.Flags & CommandFlags.NoAuth) == 0)
        {
            Reject(client, command!, RequestErrorReason.Noauth, Replies.NoAuth);
            return true;
        }

        if ((client.Gate & SessionGate.Restricted) != 0
            && _permissions.Find(client.Login.User!, command!, frame) is var denial and not Denial.None
            && (client.Transaction is null || denial.IsSeenAtOnce()))
        {
            Reject(client, command!, RequestErrorReason.Denied, denial.Line(command!));
            return true;
        }

        var isSubscriber = (client.Gate & SessionGate.Subscriber) != 0;
        if (isSubscriber && !IsForSubscribers(command!))
        {
            var error = new ArrayBufferWriter<byte>();
            Replies.OnlyForSubscribers(error, command!.Name);
            Reject(client, command, RequestErrorReason.NotSupported, error.WrittenSpan);
            return true;
        }

        if (client.Monitor is not null && IsForKeys(command!))
        {
            Reject(client, command!, RequestErrorReason.NotSupported, Replies.NoKeysForReplicas);
            return true;
        }

        if ((client.Gate & SessionGate.Paused) != 0 && HasToWait(client, command!, frame))
        {
            return false;
        }

        if (isSubscriber && command!.Local == LocalCommand.Ping && frame.Count <= 2)
        {
            AnswerPing(client, command, frame);
            return true;
        }

        if (client.Transaction is null)
        {
            return client.Tracking is null ? _ordinary.Dispatch(client, command!, frame) : _ordinary.DispatchTracked(client, command!, frame);
        }

        if (client.Model.Denies(command!))
        {
            Taint(client, command);
            _ordinary.RefuseDenied(client, command!);
            return true;
        }

        if (TransactionCommands.IsQueued(command!))
        {
            if (BusyServers.MayConcern(client) && _busy.Check(client, command!, frame) is { } isTaken)
            {
                return isTaken;
            }

            _transactions.Queue(client, command!, frame);
            return true;
        }

        return _ordinary.Dispatch(client, command!, frame);
    }

    private static bool IsForSubscribers(CommandInfo command) => command.Handling == CommandHandling.Channel
        ? command.Local is not (LocalCommand.Publish or LocalCommand.SPublish)
        : command.Local is LocalCommand.Ping or LocalCommand.Quit or LocalCommand.Reset;

    /// <summary>Whether it reads, or may write or be replicated.</summary>
    private static bool IsForKeys(CommandInfo command) => (command.Flags & CommandFlags.ReadOnly) != 0 || command.MayReplicate;

    private void AnswerPing(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        var pending = _pending.Begin(client, command);
        PubSubCommands.WritePong(pending.Writer, frame);
        pending.FinishWritten();
    }

    private static bool HasToWait(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        var pause = client.Pool.Pool.Pause;
        var mayWrite = ScriptFlags.MayReplicate(client, command, frame) || (command.Local == LocalCommand.Exec && client.Transaction is { MayReplicate: true });
        if (pause.For(mayWrite) is { } over)
        {
            client.PausedBy = pause;
            client.HoldUntil(over);
            return true;
        }

        client.PausedBy = null;
        client.SetGate(SessionGate.Paused, pause.IsOn);
        return false;
    }

    /// <summary>Refuses a request; EXEC in its own words.</summary>
    private void Reject(ClientSession client, CommandInfo command, RequestErrorReason reason, ReadOnlySpan<byte> error)
    {
        Taint(client, command);
        if (command.Local != LocalCommand.Exec)
        {
            _pending.Refuse(client, command, reason, error);
            return;
        }

        var pending = _pending.Begin(client, command);
        client.Counters.RequestFailed(reason);
        Replies.ExecAborted(pending.Writer, error);
        pending.FinishWritten();
    }

    /// <summary>A request is refused: the transaction that it was to be part of will not run. A refused EXEC ends it.</summary>
    private static void Taint(ClientSession client, CommandInfo? command)
    {
        if (command?.Local == LocalCommand.Exec)
        {
            client.EndTransaction();
        }
        else
        {
            client.Transaction?.Taint();
        }
    }
}
