using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.CrossServer;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Requests.Scripts;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Forwarding;

/// <summary>
/// Sends requests that servers answer at once over the connections that clients share: as they stand to the server of their keys, split, or
/// computed. One per worker.
/// </summary>
internal sealed class RequestForwarder
{
    private readonly PendingRequests _pending;
    private readonly KeyPositions _keys;
    private readonly ShardFinder _shards;
    private readonly RequestSplitter _splitter;
    private readonly CrossServerRequests _crossServer;
    private readonly ScriptLoader _scripts;
    private readonly FreeList<ForwardedRequest> _forwarded = new(static home => new ForwardedRequest(home));

    /// <param name="pending">The worker's.</param>
    /// <param name="keys">Where <paramref name="shards"/> leaves the positions of the keys.</param>
    /// <param name="shards">The worker's.</param>
    /// <param name="splitter">The worker's.</param>
    /// <param name="crossServer">The worker's.</param>
    /// <param name="scripts">The worker's.</param>
    public RequestForwarder(
        PendingRequests pending,
        KeyPositions keys,
        ShardFinder shards,
        RequestSplitter splitter,
        CrossServerRequests crossServer,
        ScriptLoader scripts)
    {
        _pending = pending;
        _keys = keys;
        _shards = shards;
        _splitter = splitter;
        _crossServer = crossServer;
        _scripts = scripts;
    }

    /// <summary>Takes a request to the server, or servers, of its keys.</summary>
    public void Send(ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        if (_shards.Find(client, snapshot, command, frame) is not { } shard)
        {
            return;
        }

        var lane = client.LaneIn(pool);
        if (shard >= 0)
        {
            SendTo(client, lane, shard, command, frame);
        }
        else
        {
            SendToSeveral(client, lane, snapshot, command, frame);
        }

        if (_keys.Count > 4096)
        {
            _keys.Shrink(4096);
        }
    }

    /// <summary>The same over the connections of a client that has its own.</summary>
    public void SendOver(IShardLinks links, ClientSession client, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        if (_shards.Find(client, snapshot, command, frame) is not { } shard)
        {
            return;
        }

        if (shard >= 0)
        {
            SendOver(links, client, shard, command, frame);
        }
        else
        {
            SendToSeveral(client, links, snapshot, command, frame);
        }
    }

    /// <summary>Takes a request that names no key to the first server.</summary>
    public void SendToFirst(ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        if (_pending.MayReachServer(client, snapshot, command))
        {
            SendToShard(snapshot.FirstLive, client, pool, command, frame);
        }
    }

    /// <summary>Takes a request to a server, whatever its keys.</summary>
    public void SendToShard(int shard, ClientSession client, PoolConnections pool, CommandInfo command, in RequestFrame frame)
    {
        if (client.Tracking is null)
        {
            SendTo(client, client.LaneIn(pool), shard, command, frame);
        }
        else
        {
            SendOver(client.LinksIn(pool), client, shard, command, frame);
        }
    }

    private void SendToSeveral(ClientSession client, IShardLinks links, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        if (command.Handling == CommandHandling.Split)
        {
            _splitter.Split(_pending.Begin(client, command), client, links, snapshot, command, frame);
        }
        else if (snapshot.Model.CrossServer && command.CrossServer != CrossServerOperation.None)
        {
            _crossServer.Send(client, links, snapshot, command, frame);
        }
        else
        {
            _pending.Refuse(client, command, RequestErrorReason.Crossslot, Replies.CrossSlot);
        }
    }

    private void SendTo(ClientSession client, LaneConnections lane, int shard, CommandInfo command, in RequestFrame frame)
    {
        var connection = lane.For(shard, client.Id);
        if (command.MayReplicate)
        {
            client.Writes.AddShared(connection.ServerBit);
        }

        var pending = _pending.Begin(client, command);
        if (connection.Accept() is { } failure)
        {
            pending.Fail(failure);
            return;
        }

        var request = Take(connection, ScriptLoader.Find(client, lane.Pool, command, frame));
        request.Begin(pending);
        request.RunsScript = command.RunsScript;
        if (frame.DetachedArgument < 0)
        {
            connection.Output.Append(frame.Bytes);
            connection.Enqueue(request, frame.Bytes.Length);
        }
        else
        {
            connection.Enqueue(request, AppendWithPayload(connection.Output, client.DetachedPayload, frame));
        }

        if (connection.IsCongested)
        {
            client.WaitFor(connection);
        }
    }

    private void SendOver(IShardLinks links, ClientSession client, int shard, CommandInfo command, in RequestFrame frame)
    {
        var pending = _pending.Begin(client, command);
        var script = ScriptLoader.Find(client, client.Pool, command, frame);
        if (script is not null)
        {
            _scripts.LoadAhead(client, links, shard, script);
        }

        if (links.Accept(shard, client.Id, out var link) is { } failure)
        {
            pending.Fail(failure);
            return;
        }

        var request = Take(link, script);
        request.Begin(pending);
        link.Output.Append(frame.Bytes);
        link.Enqueue(request, frame.Bytes.Length);
        if (command.MayReplicate)
        {
            client.NoteWrite(link);
        }

        if (link.IsCongested)
        {
            client.WaitFor(link);
        }
    }

    /// <param name="link">Where it goes.</param>
    /// <param name="script">What it runs, if the pool keeps that; the server then has it when the request comes.</param>
    private ForwardedRequest Take(IServerLink link, KeptScript? script)
    {
        if (script is null)
        {
            return _forwarded.Take();
        }

        _scripts.Load(script, link);
        return _scripts.Take(script, link);
    }

    private static long AppendWithPayload(OutBuffer output, OutBuffer payload, in RequestFrame frame)
    {
        var before = output.Length;
        output.Append(frame.Bytes[..frame.DetachedAt]);
        output.TakeOver(payload);
        output.Append(frame.Bytes[frame.DetachedAt..]);
        return output.Length - before;
    }
}
