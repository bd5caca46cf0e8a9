using System.Text;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Sessions;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Tracking;

/// <summary>CLIENT TRACKING and CLIENT CACHING.</summary>
internal sealed class TrackingCommand
{
    private readonly IClientDirectory _directory;
    private readonly PendingRequests _pending;

    public TrackingCommand(IClientDirectory directory, PendingRequests pending)
    {
        _directory = directory;
        _pending = pending;
    }

    /// <summary>CLIENT TRACKING: the client's requests go another way from now on.</summary>
    public bool Route(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        if (client.PutBack())
        {
            return false;
        }

        var options = TrackingArguments.Parse(frame, out var error);
        if (options.Redirect == 0)
        {
            Take(client, _pending.Begin(client, command), options, error, Ascii.EqualsIgnoreCase(frame[2], "ON"u8), target: null);
            return true;
        }

        // As Redis, which looks for that client before it reads what follows.
        client.Hold();
        var pending = _pending.Begin(client, command);
        var (rest, isOn) = (error.ToArray(), Ascii.EqualsIgnoreCase(frame[2], "ON"u8));
        _directory.Gather(
            client.Worker,
            client.Pool.Pool,
            other => other.Id == options.Redirect ? other : null,
            found =>
            {
                if (pending.Client is null)
                {
                    pending.Finish();
                }
                else if (found.Count == 0)
                {
                    Refuse(pending, Replies.TrackingRedirectMissing);
                }
                else
                {
                    Take(client, pending, options, rest, isOn, found[0]);
                }

                client.Release();
            });
        return true;
    }

    /// <summary>CLIENT CACHING: whether the next command's keys are tracked.</summary>
    public bool SetCaching(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        var isYes = Ascii.EqualsIgnoreCase(frame[2], "YES"u8);
        var reply = client.Tracking switch
        {
            null => Replies.CachingWithoutTracking,
            _ when !isYes && !Ascii.EqualsIgnoreCase(frame[2], "NO"u8) => Replies.SyntaxError,
            { Options.IsOptIn: false } when isYes => Replies.CachingYesWithoutOptIn,
            { Options.IsOptOut: false } when !isYes => Replies.CachingNoWithoutOptOut,
            _ => default,
        };
        if (reply.IsEmpty)
        {
            client.Tracking!.IsCachingGiven = true;
            reply = Replies.Ok;
        }

        _pending.Answer(client, command, reply);
        return true;
    }

    private static void Take(
        ClientSession client, PendingRequest pending, TrackingOptions options, ReadOnlySpan<byte> error, bool isOn, ClientSession? target)
    {
        if (!error.IsEmpty)
        {
            Refuse(pending, error);
        }
        else if (!isOn)
        {
            client.EndTracking();
            pending.Writer.Append(Replies.Ok);
            pending.FinishWritten();
        }
        else if (TrackingConflicts.Write(pending.Writer, options, client.Tracking?.Options))
        {
            client.Counters.RequestFailed(RequestErrorReason.Invalid);
            pending.FinishWritten();
        }
        else
        {
            client.BeginTracking().TurnOn(options, target, pending);
        }
    }

    private static void Refuse(PendingRequest pending, ReadOnlySpan<byte> error)
    {
        pending.Client!.Counters.RequestFailed(RequestErrorReason.Invalid);
        pending.Writer.Append(error);
        pending.FinishWritten();
    }
}
