using System.Text;
using Proxy.Core.Requests.Monitoring;
using Proxy.Core.Requests.PubSub;
using Proxy.Core.Requests.Scripts;
using Proxy.Core.Requests.Tracking;
using Proxy.Core.Requests.Transactions;
using Proxy.Core.Requests.Users;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Sessions;

/// <summary>
/// The commands that change how the client's other requests are handled: SELECT, HELLO, RESET and CLIENT REPLY. One that changes the
/// connections that the client uses comes again once everything before it is answered: the requests of a client to a server run in order.
/// </summary>
internal sealed class SessionCommands
{
    private readonly PendingRequests _pending;
    private readonly HelloCommand _hello;
    private readonly SelectCommand _select;
    private readonly ClientListCommand _list;
    private readonly ClientKillCommand _kill;
    private readonly ClientPauseCommand _pause;
    private readonly TrackingCommand _tracking;
    private readonly MonitorCommand _monitor;
    private readonly ClientUnblockCommand _unblock;

    public SessionCommands(
        ProxyFacts facts,
        PendingRequests pending,
        LocalCommands local,
        KeyPositions keys,
        IClientDirectory directory,
        Permissions permissions,
        SubscriptionHubs hubs,
        ScriptLoader scripts)
    {
        _pending = pending;
        _hello = new HelloCommand(facts, pending);
        _select = new SelectCommand(facts, pending);
        _list = new ClientListCommand(directory, pending);
        _kill = new ClientKillCommand(directory, pending);
        _pause = new ClientPauseCommand(directory, pending);
        _tracking = new TrackingCommand(directory, pending);
        _monitor = new MonitorCommand(pending);
        _unblock = new ClientUnblockCommand(directory, pending);
        Transactions = new TransactionCommands(pending, keys, local, _hello, permissions, hubs, scripts);
    }

    /// <summary>MULTI, EXEC and what is between them.</summary>
    public TransactionCommands Transactions { get; }

    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, CommandInfo command, in RequestFrame frame) => command.Local switch
    {
        LocalCommand.Hello => _hello.Route(client, command, frame),
        LocalCommand.Select => _select.Route(client, command, frame),
        LocalCommand.Reset => Reset(client, command),
        LocalCommand.Auth => Auth(client, command, frame),
        LocalCommand.Multi or LocalCommand.Exec or LocalCommand.Discard or LocalCommand.Watch or LocalCommand.Unwatch =>
            Transactions.Route(client, command, frame),
        LocalCommand.ClientList => _list.Route(client, command, frame),
        LocalCommand.ClientKill => _kill.Route(client, command, frame),
        LocalCommand.ClientPause => _pause.Begin(client, command, frame),
        LocalCommand.ClientUnblock => _unblock.Route(client, command, frame),
        LocalCommand.ClientUnpause => _pause.End(client, command),
        LocalCommand.ClientTracking => _tracking.Route(client, command, frame),
        LocalCommand.Monitor => _monitor.Route(client, command),
        LocalCommand.ClientCaching => _tracking.SetCaching(client, command, frame),
        _ => SetReplyMode(client, command, frame),
    };

    private bool Auth(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        // Another user may lead its requests over other connections.
        if (client.Login.MayChangeLane && client.PutBack())
        {
            return false;
        }

        var pending = _pending.Begin(client, command);
        AuthCommand.Answer(client, pending.Writer, frame);
        pending.FinishWritten();
        return true;
    }

    private bool Reset(ClientSession client, CommandInfo command)
    {
        if (client.PutBack())
        {
            return false;
        }

        client.EndTransaction();
        client.EndTracking();
        client.EndMonitor();
        client.Subscriptions?.End();
        client.ChangeDatabase(null);
        client.ChangeProtocol(2);
        client.Identity.Name = [];
        client.Login.AsDefault();
        if (client.ReplyMode == ReplyMode.Off)
        {
            client.ReplyMode = ReplyMode.On;
        }

        _pending.Answer(client, command, Replies.Reset);
        return true;
    }

    // Only ON is answered: after it the client knows where the replies go on.
    private bool SetReplyMode(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        var mode = frame[2];
        if (Ascii.EqualsIgnoreCase(mode, "ON"u8))
        {
            client.ReplyMode = ReplyMode.On;
            _pending.Answer(client, command, Replies.Ok);
            return true;
        }

        if (!Ascii.EqualsIgnoreCase(mode, "OFF"u8) && !Ascii.EqualsIgnoreCase(mode, "SKIP"u8))
        {
            _pending.Answer(client, command, Replies.SyntaxError);
            return true;
        }

        var pending = _pending.Begin(client, command);
        pending.Mute();
        if (Ascii.EqualsIgnoreCase(mode, "OFF"u8))
        {
            client.ReplyMode = ReplyMode.Off;
        }
        else if (client.ReplyMode != ReplyMode.Off)
        {
            client.ReplyMode = ReplyMode.SkipNext;
        }

        pending.Finish();
        return true;
    }
}
