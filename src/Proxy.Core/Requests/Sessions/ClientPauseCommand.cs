using System.Text;
using Proxy.Core.Metrics;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Sessions;

/// <summary>
/// <c>CLIENT PAUSE milliseconds [WRITE|ALL]</c> and <c>CLIENT UNPAUSE</c>: no client of the pool may write, or do anything, until the time is
/// over. Requests wait; they are not refused.
/// </summary>
internal sealed class ClientPauseCommand
{
    private readonly IClientDirectory _directory;
    private readonly PendingRequests _pending;

    public ClientPauseCommand(IClientDirectory directory, PendingRequests pending)
    {
        _directory = directory;
        _pending = pending;
    }

    /// <summary>CLIENT UNPAUSE.</summary>
    public bool End(ClientSession client, CommandInfo command)
    {
        client.Pool.Pool.Pause.End();
        _pending.Answer(client, command, Replies.Ok);
        return true;
    }

    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Begin(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        if (frame.Count > 4)
        {
            var refused = _pending.Begin(client, command);
            client.Counters.RequestFailed(RequestErrorReason.Invalid);
            Replies.UnknownClientSubcommand(refused.Writer, frame[1]);
            refused.FinishWritten();
            return true;
        }

        var isAll = frame.Count == 3 || Ascii.EqualsIgnoreCase(frame[3], "ALL"u8);
        if (!isAll && !Ascii.EqualsIgnoreCase(frame[3], "WRITE"u8))
        {
            _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.PauseMode);
            return true;
        }

        if (!RedisInteger.TryParse(frame[2], out var milliseconds))
        {
            _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.TimeoutNotInteger);
            return true;
        }

        if (milliseconds < 0)
        {
            _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.TimeoutNegative);
            return true;
        }

        var pool = client.Pool.Pool;
        pool.Pause.Begin(milliseconds, isAll);
        client.Hold();
        var pending = _pending.Begin(client, command);
        _directory.Gather<ClientSession>(
            client.Worker,
            pool,
            other =>
            {
                other.SetGate(SessionGate.Paused, true);
                return null;
            },
            _ =>
            {
                // Every client obeys from now on.
                if (pending.Client is not null)
                {
                    pending.Writer.Append(Replies.Ok);
                    pending.NoteWritten();
                }

                pending.Finish();
                client.Release();
            });
        return true;
    }
}
