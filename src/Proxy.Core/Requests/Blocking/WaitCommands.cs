using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Blocking;

/// <summary>
/// WAIT and WAITAOF: until the replicas, or the disks, of every server that the client wrote to have what it wrote. A server speaks of the
/// writes of the connection that asks, so the question goes over the connection that carried them:
/// <code>
///   carried by the client's present connection  ─▶ over that one, which leaves the shared set first: nobody is to wait behind it
///   carried by another, or not known, or one
///   was taken out a moment ago                  ─▶ over a lease that first writes itself what changes nothing: it comes behind all of them
///   nothing written                             ─▶ every server, over a lease
/// </code>
/// What was written to a server that is no longer in the pool is not waited for. One per worker.
/// </summary>
internal sealed class WaitCommands
{
    private readonly PendingRequests _pending;

    /// <param name="pending">The worker's.</param>
    public WaitCommands(PendingRequests pending)
    {
        _pending = pending;
    }

    /// <summary>Sends a request whose client has nothing else under way; the client takes no other before this one is answered.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="command">WAIT or WAITAOF.</param>
    /// <param name="lane">The client's connections.</param>
    /// <param name="snapshot">Where the servers are. One is live.</param>
    /// <param name="frame">The request.</param>
    public void Send(ClientSession client, CommandInfo command, LaneConnections lane, PoolSnapshot snapshot, in RequestFrame frame)
    {
        var wait = new WaitRequest(client, numbers: command.Arity - 2);
        wait.Begin(_pending.Begin(client, command));
        if (!TryReadTimeout(frame, out var timeoutMs))
        {
            // Certainly refused, and only a server has the words for it.
            wait.SendLeased(lane, snapshot.FirstLive, frame.Bytes, 0, isNudged: false);
            return;
        }

        var written = client.Writes.Shared | client.Writes.Earlier;
        var any = false;
        for (var shard = 0; shard < snapshot.Shards.Length && !wait.IsOver; shard++)
        {
            if ((written & snapshot.Shards[shard].Primary.Bit) != 0)
            {
                any = true;
                SendToWritten(wait, client, lane, shard, frame, timeoutMs);
            }
        }

        for (var shard = 0; shard < snapshot.Shards.Length && !any && !wait.IsOver; shard++)
        {
            if (snapshot.Shards[shard].Primary.Health.State != ServerState.Ejected)
            {
                wait.SendLeased(lane, shard, frame.Bytes, timeoutMs, isNudged: false);
            }
        }

        client.Writes.Leave(client.Worker.LinksLeft);
    }

    private static void SendToWritten(
        WaitRequest wait, ClientSession client, LaneConnections lane, int shard, in RequestFrame frame, long timeoutMs)
    {
        var connections = lane.To(shard);
        var connection = connections.For(client.Id);
        if ((client.Writes.Shared & connection.ServerBit) != 0
            && connections.LeftAt(client.Id) <= client.Writes.Since
            && connection.State == ConnectionState.Ready
            && connections.MayTakeOut)
        {
            wait.SendCarried(lane.Pool, connection, frame.Bytes, timeoutMs);
        }
        else
        {
            wait.SendLeased(lane, shard, frame.Bytes, timeoutMs, isNudged: true);
        }
    }

    /// <summary>Milliseconds that the request may wait, 0 for as long as it takes; false if a server will refuse an argument of it.</summary>
    private static bool TryReadTimeout(in RequestFrame frame, out long timeoutMs)
    {
        timeoutMs = 0;
        for (var i = 1; i < frame.Count; i++)
        {
            if (!RedisInteger.TryParse(frame[i], out timeoutMs))
            {
                return false;
            }
        }

        if (timeoutMs > int.MaxValue * 1000L)
        {
            timeoutMs = 0;
        }

        return timeoutMs >= 0;
    }
}
