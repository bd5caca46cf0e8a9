using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Gathering;

/// <summary>
/// Sends a request as it stands to every server that is not ejected, and joins the replies. Not atomic: where one server refuses, its
/// error is the reply, and the others have done it.
/// </summary>
internal sealed class RequestBroadcaster
{
    private readonly FreeList<GatheredRequest> _gathered;
    private readonly FreeList<Fragment> _fragments;

    /// <param name="gathered">The worker's.</param>
    /// <param name="fragments">The worker's.</param>
    public RequestBroadcaster(FreeList<GatheredRequest> gathered, FreeList<Fragment> fragments)
    {
        _gathered = gathered;
        _fragments = fragments;
    }

    /// <summary>Sends. At least one server is live.</summary>
    public void Send(
        PendingRequest pending, ClientSession client, IShardLinks links, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame) =>
        Send(pending, client, links, snapshot, command, Coalescer.For(command), frame);

    /// <summary>The same with replies that are joined by something of the command's own.</summary>
    public void Send(
        PendingRequest pending,
        ClientSession client,
        IShardLinks links,
        PoolSnapshot snapshot,
        CommandInfo command,
        Coalescer coalescer,
        in RequestFrame frame)
    {
        var whole = Begin(pending, client, snapshot, coalescer);

        // The last fragment's failure may answer the request and give `whole` back, so the count is taken first.
        var count = whole.Fragments.Length;
        for (var i = 0; i < count; i++)
        {
            Send(client, links, whole.Fragments[i], command, frame);
        }
    }

    /// <summary>
    /// Sends over connections of their own, because something may be running on those that clients share. A server that runs a script takes
    /// no SELECT, and none is needed for what is not about keys. Nothing else of the client is under way; it is held until this is over.
    /// </summary>
    public void SendAside(
        PendingRequest pending, ClientSession client, PoolConnections pool, PoolSnapshot snapshot, Coalescer coalescer, in RequestFrame frame)
    {
        var lane = pool.LaneFor(new Lane(Database: 0, client.RespVersion, client.Login.ServerUser));
        var whole = Begin(pending, client, snapshot, coalescer);
        whole.Hold(client);
        var count = whole.Fragments.Length;
        for (var i = 0; i < count; i++)
        {
            SendAside(lane, whole.Fragments[i], frame);
        }
    }

    private GatheredRequest Begin(PendingRequest pending, ClientSession client, PoolSnapshot snapshot, Coalescer coalescer)
    {
        var whole = _gathered.Take();
        whole.Begin(pending, coalescer, snapshot.Model.ClientOutputLimit);
        for (var shard = 0; shard < snapshot.Shards.Length; shard++)
        {
            if (snapshot.Shards[shard].Primary.Health.State != ServerState.Ejected)
            {
                var fragment = _fragments.Take();
                fragment.Begin(whole, shard);
                whole.AddFragment(fragment);
            }
        }

        client.Counters.RequestSplit(whole.Fragments.Length);
        return whole;
    }

    private static void SendAside(LaneConnections lane, Fragment fragment, in RequestFrame frame)
    {
        var home = lane.Dedicated(fragment.Shard);
        if (home.TryTake() is not { } connection)
        {
            fragment.OnFailure(new BackendFailure(FailureKind.QueueFull, lane.To(fragment.Shard).Server));
            return;
        }

        if (connection.Accept() is { } failure)
        {
            home.GiveBack(connection);
            fragment.OnFailure(failure);
            return;
        }

        connection.Output.Append(frame.Bytes);
        fragment.EnteredAside(home, connection);
        connection.Enqueue(fragment, frame.Bytes.Length);
    }

    private static void Send(ClientSession client, IShardLinks links, Fragment fragment, CommandInfo command, in RequestFrame frame)
    {
        if (links.Accept(fragment.Shard, client.Id, out var connection) is { } failure)
        {
            fragment.OnFailure(failure);
            return;
        }

        connection.Output.Append(frame.Bytes);
        if (command.MayReplicate)
        {
            client.NoteWrite(connection);
        }

        fragment.Entered();
        connection.Enqueue(fragment, frame.Bytes.Length);
        if (connection.IsCongested)
        {
            client.WaitFor(connection);
        }
    }
}
