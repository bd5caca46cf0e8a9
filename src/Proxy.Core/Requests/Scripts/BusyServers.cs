using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Scripts;

/// <summary>
/// Has requests that the proxy answers or queues itself refused as a server refuses them while it runs a script. Nothing is known here of how long
/// a server waits before it does, nor whether it still runs: where it may (<see cref="Server.MayBeBusy"/>), it is asked.
/// <code>
///   PING ─▶ no server may be busy ─▶ PONG
///           one may be            ─▶ PING to that server ─┬▶ -BUSY …  ─▶ -BUSY …
///                                                         └▶ +PONG    ─▶ PONG, and it is not busy
/// </code>
/// One per worker.
/// </summary>
internal sealed class BusyServers
{
    /// <summary>
    /// How long one of several servers may take to answer. A server says nothing at all before its <c>busy-reply-threshold</c> is over: where others
    /// are at work, that a connection is alive is not to depend on the one.
    /// </summary>
    private static readonly TimeSpan PatienceWithOneOfSeveral = TimeSpan.FromMilliseconds(100);

    private readonly PendingRequests _pending;
    private readonly KeyPositions _keys;

    /// <param name="pending">The worker's.</param>
    /// <param name="keys">Scratch.</param>
    public BusyServers(PendingRequests pending, KeyPositions keys)
    {
        _pending = pending;
        _keys = keys;
    }

    /// <summary>Whether a request of the client is to be shown to <see cref="Check"/>. Cheap.</summary>
    public static bool MayConcern(ClientSession client) => Server.AnyMayBeBusy || client.BusyProbe is not null;

    /// <summary>Looks at a request that no server will see, or not yet.</summary>
    /// <returns>Null if it may go on; else what <see cref="RequestRouter.Route"/> is to return.</returns>
    public bool? Check(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        var asked = client.BusyProbe;
        client.BusyProbe = null;
        if (asked?.Refusal is { } refusal)
        {
            Refuse(client, command, refusal);
            return true;
        }

        if ((command.Flags & CommandFlags.AllowBusy) != 0 || command.IsOwn)
        {
            return null;
        }

        var snapshot = client.Pool.Snapshot;
        var shard = ConcernedBy(client, snapshot, command, frame, asked is null ? 0 : asked.Shard + 1);
        return shard < 0 ? null : Ask(client, snapshot.Shards[shard].Primary, shard);
    }

    /// <summary>The server that decides, if it may be busy; -1 if none does. Those before <paramref name="from"/> were asked.</summary>
    private int ConcernedBy(ClientSession client, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame, int from)
    {
        if (snapshot.Shards.Length == 1)
        {
            return from == 0 && snapshot.Shards[0].Primary.MayBeBusy ? 0 : -1;
        }

        if (client.Transaction is null && command.Local == LocalCommand.Ping)
        {
            while (from < snapshot.Shards.Length && !snapshot.Shards[from].Primary.MayBeBusy)
            {
                from++;
            }

            return from < snapshot.Shards.Length ? from : -1;
        }

        var shard = command.Local == LocalCommand.Exec ? client.Transaction?.Shard ?? -1
            : client.Transaction is not null && KeyFinder.Find(command, frame, _keys) == KeySearch.Found ? ShardFinder.Of(snapshot, _keys, frame)
            : -1;
        return shard >= from && shard < snapshot.Shards.Length && snapshot.Shards[shard].Primary.MayBeBusy ? shard : -1;
    }

    private static bool? Ask(ClientSession client, Server server, int shard)
    {
        // Not in the client's database: a busy server takes no SELECT.
        var pool = client.Pool;
        var connection = pool.LaneFor(new Lane(Database: 0, RespVersion: 2, client.Login.ServerUser)).For(shard, client.Id);
        if (connection.Accept() is not null)
        {
            server.MayBeBusy = false;
            return null;
        }

        var probe = new BusyProbe(client, server, shard);
        client.BusyProbe = probe;
        connection.Output.Append(BusyProbe.Bytes);
        connection.Enqueue(probe, BusyProbe.Bytes.Length);
        if (pool.Snapshot.Shards.Length > 1)
        {
            client.Worker.Loop.Schedule(probe.StopWaiting, PatienceWithOneOfSeveral);
        }

        return false;
    }

    private void Refuse(ClientSession client, CommandInfo command, ReadOnlySpan<byte> refusal)
    {
        if (command.Local != LocalCommand.Exec)
        {
            client.Transaction?.Taint();
            _pending.Answer(client, command, refusal);
            return;
        }

        client.EndTransaction();
        var pending = _pending.Begin(client, command);
        client.Counters.RequestFailed(RequestErrorReason.Invalid);
        Replies.ExecAborted(pending.Writer, refusal);
        pending.FinishWritten();
    }
}
