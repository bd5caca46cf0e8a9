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
        PendingRequest pending, ClientSession client, IShardLinks links, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var whole = _gathered.Take();
        whole.Begin(pending, Coalescer.For(command), snapshot.Model.ClientOutputLimit);
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

        // The last fragment's failure may answer the request and give `whole` back, so the count is taken first.
        var count = whole.Fragments.Length;
        for (var i = 0; i < count; i++)
        {
            Send(client, links, whole.Fragments[i], command, frame);
        }
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
