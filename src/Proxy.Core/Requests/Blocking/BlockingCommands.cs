using Proxy.Core.Backends;
using Proxy.Core.Requests.Tracking;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Blocking;

/// <summary>
/// Commands that wait at a server for what others do. Each goes over a lease, also if the server will refuse it: a wrong guess would block
/// a connection that others share. One per worker.
/// </summary>
internal sealed class BlockingCommands
{
    private readonly PendingRequests _pending;

    /// <param name="pending">The worker's.</param>
    public BlockingCommands(PendingRequests pending)
    {
        _pending = pending;
    }

    /// <summary>Sends a request whose client has nothing else under way; the client takes no other before this one is answered.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="command">What it asks.</param>
    /// <param name="pool">The client's pool.</param>
    /// <param name="shard">The shard of all its keys.</param>
    /// <param name="timeoutMs">See <see cref="BlockTimeout"/>.</param>
    /// <param name="frame">The request.</param>
    public void Send(ClientSession client, CommandInfo command, PoolConnections pool, int shard, long timeoutMs, in RequestFrame frame)
    {
        var request = new BlockedRequest(client);
        if (client.Tracking is not null)
        {
            SendTracked(client, command, request, client.LinksIn(pool), shard, timeoutMs, frame);
            return;
        }

        var failure = client.LaneIn(pool).Leases(shard).Take(request, out var lease);
        var pending = _pending.Begin(client, command);
        if (failure is not null)
        {
            pending.Fail(failure);
        }
        else
        {
            // As a rule what blocks writes as well.
            client.NoteOtherWrite(lease!.Server.Bit);
            request.Begin(pending, lease, frame.Bytes, timeoutMs);
        }
    }

    private void SendTracked(
        ClientSession client, CommandInfo command, BlockedRequest request, IShardLinks links, int shard, long timeoutMs, in RequestFrame frame)
    {
        var failure = links.Accept(shard, client.Id, out var link);
        var pending = _pending.Begin(client, command);
        if (failure is not null)
        {
            pending.Fail(failure);
        }
        else
        {
            client.NoteWrite(link);
            request.Begin(pending, (TrackedConnection)link, frame.Bytes, timeoutMs);
        }
    }
}
