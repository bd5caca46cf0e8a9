using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Monitoring;

/// <summary>MONITOR: what all servers of the pool are asked, by whomever.</summary>
internal sealed class MonitorCommand
{
    private readonly PendingRequests _pending;

    public MonitorCommand(PendingRequests pending)
    {
        _pending = pending;
    }

    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, CommandInfo command)
    {
        if (client.PutBack())
        {
            return false;
        }

        if (client.Monitor is not null)
        {
            // Redis has no word for it.
            var silent = _pending.Begin(client, command);
            silent.Mute();
            silent.Finish();
        }
        else if (_pending.MayReachServer(client, client.Pool.Snapshot, command))
        {
            client.BeginMonitor().Begin(_pending.Begin(client, command));
        }

        return true;
    }
}
