using System.Text;
using Proxy.Core.Metrics;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Sessions;

/// <summary><c>CLIENT LIST [TYPE type] [ID id …]</c>: the clients of the pool, on all workers.</summary>
internal sealed class ClientListCommand
{
    private readonly IClientDirectory _directory;
    private readonly PendingRequests _pending;

    public ClientListCommand(IClientDirectory directory, PendingRequests pending)
    {
        _directory = directory;
        _pending = pending;
    }

    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        ClientType? type = null;
        List<long>? ids = null;
        if (frame.Count == 4 && Ascii.EqualsIgnoreCase(frame[2], "TYPE"u8))
        {
            type = ClientTypes.Parse(frame[3]);
            if (type is null)
            {
                var refused = _pending.Begin(client, command);
                client.Counters.RequestFailed(RequestErrorReason.Invalid);
                Replies.UnknownClientType(refused.Writer, frame[3]);
                refused.FinishWritten();
                return true;
            }
        }
        else if (frame.Count > 3 && Ascii.EqualsIgnoreCase(frame[2], "ID"u8))
        {
            ids = [];
            for (var i = 3; i < frame.Count; i++)
            {
                if (!RedisInteger.TryParse(frame[i], out var id))
                {
                    _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.InvalidClientId);
                    return true;
                }

                ids.Add(id);
            }
        }
        else if (frame.Count != 2)
        {
            _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.SyntaxError);
            return true;
        }

        // What comes behind it must not be seen in the list.
        client.Hold();
        var request = frame.Bytes.Length;
        var pending = _pending.Begin(client, command);
        _directory.Gather(
            client.Worker,
            client.Pool.Pool,
            other => type is null || ClientTypes.Of(other) == type ? new ListedClient(other.Id, ClientLine.Of(other, ReferenceEquals(other, client) ? request : 0)) : null,
            listed => Answer(client, pending, listed, ids));
        return true;
    }

    private static void Answer(ClientSession client, PendingRequest pending, List<ListedClient> listed, List<long>? ids)
    {
        if (pending.Client is not null)
        {
            // By identifier: in the order of the question.
            var lines = ids is null
                ? listed.OrderBy(other => other.Id)
                : ids.SelectMany(id => listed.Where(other => other.Id == id));
            RespWriter.Verbatim(pending.Writer, string.Concat(lines.Select(other => other.Line)), client.RespVersion);
            pending.NoteWritten();
        }

        pending.Finish();
        client.Release();
    }

    private sealed record ListedClient(long Id, string Line);
}
