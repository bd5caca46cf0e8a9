using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Keyspace;

/// <summary>RANDOMKEY over several servers: each is asked how many keys it has, and for one of them; see <see cref="RandomKeyCoalescer"/>.</summary>
internal sealed class RandomKeyCommand
{
    private readonly PendingRequests _pending;
    private readonly FreeList<GatheredRequest> _gathered;
    private readonly FreeList<Fragment> _fragments;
    private readonly RandomKeyCoalescer _coalescer = new(Random.Shared);

    /// <param name="pending">The worker's.</param>
    /// <param name="gathered">The worker's.</param>
    /// <param name="fragments">The worker's.</param>
    public RandomKeyCommand(PendingRequests pending, FreeList<GatheredRequest> gathered, FreeList<Fragment> fragments)
    {
        _pending = pending;
        _gathered = gathered;
        _fragments = fragments;
    }

    private static ReadOnlySpan<byte> DbSize => "*1\r\n$6\r\nDBSIZE\r\n"u8;

    /// <summary>Sends. At least one server is live.</summary>
    public void Send(ClientSession client, IShardLinks links, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var whole = _gathered.Take();
        whole.Begin(_pending.Begin(client, command), _coalescer, snapshot.Model.ClientOutputLimit);
        for (var shard = 0; shard < snapshot.Shards.Length; shard++)
        {
            if (snapshot.Shards[shard].Primary.Health.State != ServerState.Ejected)
            {
                Add(whole, shard);
                Add(whole, shard);
            }
        }

        client.Counters.RequestSplit(whole.Fragments.Length);

        // The last fragment's failure may answer the request and give `whole` back, so the count is taken first.
        var count = whole.Fragments.Length;
        for (var i = 0; i < count; i++)
        {
            Send(client, links, whole.Fragments[i], i % 2 == 0 ? DbSize : frame.Bytes);
        }
    }

    private void Add(GatheredRequest whole, int shard)
    {
        var fragment = _fragments.Take();
        fragment.Begin(whole, shard);
        whole.AddFragment(fragment);
    }

    private static void Send(ClientSession client, IShardLinks links, Fragment fragment, ReadOnlySpan<byte> request)
    {
        if (links.Accept(fragment.Shard, client.Id, out var link) is { } failure)
        {
            fragment.OnFailure(failure);
            return;
        }

        link.Output.Append(request);
        fragment.Entered();
        link.Enqueue(fragment, request.Length);
        if (link.IsCongested)
        {
            client.WaitFor(link);
        }
    }
}
