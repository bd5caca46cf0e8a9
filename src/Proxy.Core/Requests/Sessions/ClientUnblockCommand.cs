using System.Text;
using Proxy.Core.Metrics;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Sessions;

/// <summary>
/// <c>CLIENT UNBLOCK id [TIMEOUT|ERROR]</c>: the server at which that client of the pool waits is asked to end the wait. What the client is
/// told comes from there, as does whether there was a wait to end.
/// </summary>
internal sealed class ClientUnblockCommand
{
    private readonly IClientDirectory _directory;
    private readonly PendingRequests _pending;

    public ClientUnblockCommand(IClientDirectory directory, PendingRequests pending)
    {
        _directory = directory;
        _pending = pending;
    }

    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        if (frame.Count > 4)
        {
            var refused = _pending.Begin(client, command);
            client.Counters.RequestFailed(RequestErrorReason.Invalid);
            Replies.UnknownClientSubcommand(refused.Writer, frame[1]);
            refused.FinishWritten();
            return true;
        }

        var withError = frame.Count == 4 && Ascii.EqualsIgnoreCase(frame[3], "ERROR"u8);
        if (frame.Count == 4 && !withError && !Ascii.EqualsIgnoreCase(frame[3], "TIMEOUT"u8))
        {
            _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.UnblockReason);
            return true;
        }

        if (!RedisInteger.TryParse(frame[2], out var id))
        {
            _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.NotInteger);
            return true;
        }

        client.Hold();
        var pending = _pending.Begin(client, command);
        _directory.Gather(
            client.Worker,
            client.Pool.Pool,
            other => other.Id == id ? other : null,
            meant => Ask(client, pending, meant, withError));
        return true;
    }

    private static void Ask(ClientSession client, PendingRequest pending, List<ClientSession> meant, bool withError)
    {
        if (meant is not [var blocked])
        {
            End(client, pending, ended: false);
            return;
        }

        blocked.Worker.Loop.Execute(() => blocked.Unblock(withError, ended => client.Worker.Loop.Execute(() => End(client, pending, ended))));
    }

    private static void End(ClientSession client, PendingRequest pending, bool ended)
    {
        if (pending.Client is not null)
        {
            RespWriter.Integer(pending.Writer, ended ? 1 : 0);
            pending.NoteWritten();
        }

        pending.Finish();
        client.Release();
    }
}
