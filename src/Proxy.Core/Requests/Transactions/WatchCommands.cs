using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Tracking;
using Proxy.Core.Topology;
using Proxy.Partitioning;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Transactions;

/// <summary>
/// WATCH and UNWATCH outside of a transaction. A watch belongs to its connection, so the client gets one of its own, until EXEC, DISCARD or
/// UNWATCH.
/// </summary>
internal sealed class WatchCommands
{
    private readonly PendingRequests _pending;
    private readonly KeyPositions _keys;

    public WatchCommands(PendingRequests pending, KeyPositions keys)
    {
        _pending = pending;
        _keys = keys;
    }

    /// <summary>UNWATCH.</summary>
    public bool Unwatch(ClientSession client, CommandInfo command)
    {
        client.ReleaseWatch();
        _pending.Answer(client, command, Replies.Ok);
        return true;
    }

    /// <summary>WATCH.</summary>
    public bool Watch(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        if (client.PutBack())
        {
            return false;
        }

        var pool = client.Pool;
        var snapshot = pool.Snapshot;
        if (!_pending.MayReachServer(client, snapshot, command) || !TryFindShard(client, command, snapshot, frame, out var shard))
        {
            return true;
        }

        var watch = client.Watch;
        if (watch is { Lease: null })
        {
            // It is lost: EXEC will not run, whatever is watched besides.
            _pending.Answer(client, command, Replies.Ok);
            return true;
        }

        var isFirst = watch is null;
        watch ??= new WatchState(client, shard, snapshot);
        if (Open(client, pool, watch, isFirst) is { } failure)
        {
            _pending.Begin(client, command).Fail(failure);
            return true;
        }

        client.Watch = watch;
        var lease = watch.Link;
        var before = lease.Output.Length;
        var replies = watch.AppendPrefix(client) + 1;
        lease.Output.Append(frame.Bytes);
        lease.Enqueue(new WatchRequest(client, _pending.Begin(client, command), watch, isFirst, replies), lease.Output.Length - before);
        return true;
    }

    private static BackendFailure? Open(ClientSession client, PoolConnections pool, WatchState watch, bool isFirst)
    {
        if (client.Tracking is null)
        {
            return isFirst ? watch.Open(client.LaneIn(pool).Leases(watch.Shard)) : null;
        }

        var failure = client.LinksIn(pool).Accept(watch.Shard, client.Id, out var link);
        if (failure is null && isFirst)
        {
            watch.Borrow((TrackedConnection)link);
        }

        return failure;
    }

    private bool TryFindShard(ClientSession client, CommandInfo command, PoolSnapshot snapshot, in RequestFrame frame, out int shard)
    {
        shard = ShardFinder.None;
        if (KeyFinder.Find(command, frame, _keys) == KeySearch.Found)
        {
            shard = ShardFinder.Of(snapshot, _keys, frame);
        }

        if (shard == ShardFinder.None)
        {
            _pending.RefuseHomelessKey(client, snapshot, command);
            return false;
        }

        // Under `random` the first keys' choice is that of all.
        var isElsewhere = client.Watch is { Lease: { } lease }
            && snapshot.Model.Distribution != Distribution.Random
            && shard >= 0
            && !ReferenceEquals(snapshot.Shards[shard].Primary, lease.Server);
        if (shard == ShardFinder.Several || isElsewhere)
        {
            _pending.Refuse(client, command, RequestErrorReason.Crossslot, Replies.CrossSlot);
            return false;
        }

        return true;
    }
}
