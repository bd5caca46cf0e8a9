using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Tracking;
using Proxy.Core.Topology;
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
    private readonly ShardFinder _shards;
    private readonly KeyPositions _keys;

    /// <param name="pending">The worker's.</param>
    /// <param name="shards">The worker's.</param>
    /// <param name="keys">Where <paramref name="shards"/> leaves the positions of the keys.</param>
    public BlockingCommands(PendingRequests pending, ShardFinder shards, KeyPositions keys)
    {
        _pending = pending;
        _shards = shards;
        _keys = keys;
    }

    /// <summary>Sends a request whose client has nothing else under way; the client takes no other before this one is answered.</summary>
    public void Send(ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        if (_shards.Find(client, snapshot, command, frame) is not { } shard)
        {
            return;
        }

        if (shard == ShardFinder.Several)
        {
            _pending.Refuse(client, command, RequestErrorReason.Crossslot, Replies.CrossSlot);
            return;
        }

        var timeoutMs = _keys.Count == 0 ? 0 : BlockTimeout.Of(command, frame, _keys[0]);
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
