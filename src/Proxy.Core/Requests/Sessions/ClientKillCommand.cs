using Proxy.Core.Metrics;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Sessions;

/// <summary><c>CLIENT KILL address</c>, or with filters: closes clients of the pool, on all workers.</summary>
internal sealed class ClientKillCommand
{
    private readonly IClientDirectory _directory;
    private readonly PendingRequests _pending;

    public ClientKillCommand(IClientDirectory directory, PendingRequests pending)
    {
        _directory = directory;
        _pending = pending;
    }

    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        var pending = _pending.Begin(client, command);
        var isOldForm = frame.Count == 3;
        var filter = isOldForm ? ClientFilter.OfAddress(frame[2]) : ClientFilter.Parse(frame, client.Model, pending.Writer);
        if (filter is null)
        {
            client.Counters.RequestFailed(RequestErrorReason.Invalid);
            pending.FinishWritten();
            return true;
        }

        client.Hold();
        var asker = client.Id;
        _directory.Gather(
            client.Worker,
            client.Pool.Pool,
            other => filter.Means(other, asker) ? other : null,
            meant => End(client, pending, meant, isOldForm));
        return true;
    }

    private static void End(ClientSession client, PendingRequest pending, List<ClientSession> meant, bool isOldForm)
    {
        foreach (var other in meant.Where(other => !ReferenceEquals(other, client)))
        {
            other.Worker.Loop.Execute(() => other.Abort(ClientCloseReason.Killed));
        }

        if (pending.Client is not null)
        {
            if (!isOldForm)
            {
                RespWriter.Integer(pending.Writer, meant.Count);
            }
            else
            {
                pending.Writer.Append(meant.Count > 0 ? Replies.Ok : Replies.NoSuchClient);
            }

            pending.NoteWritten();
        }

        pending.Finish();
        if (meant.Contains(client))
        {
            // It reads first what it did.
            client.CloseAfterReplies(ClientCloseReason.Killed);
        }

        client.Release();
    }
}
