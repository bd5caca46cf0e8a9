using Proxy.Core.Backends;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Gathering;

/// <summary>
/// Cuts a multi-key request into one fragment per shard. Keys keep their order within a shard and duplicates stay.
/// <code>
///   MSET a 1 b 2 c 3        a, c on shard 1    ─▶  *5 MSET a 1 c 3
///                           b on shard 2       ─▶  *3 MSET b 2
/// </code>
/// </summary>
internal sealed class RequestSplitter
{
    /// <summary>Scratch for more keys than this is not kept for the next request.</summary>
    private const int MaxKeptKeys = 64 * 1024;

    private readonly KeyPositions _keys;
    private readonly FreeList<GatheredRequest> _gathered;
    private readonly FreeList<Fragment> _fragments;
    private readonly List<KeyChain> _chains = [];
    private int[] _fragmentOfShard = [];
    private int[] _nextKey = [];

    /// <param name="keys">Where the router leaves the positions of the keys.</param>
    /// <param name="gathered">The worker's.</param>
    /// <param name="fragments">The worker's.</param>
    public RequestSplitter(KeyPositions keys, FreeList<GatheredRequest> gathered, FreeList<Fragment> fragments)
    {
        _keys = keys;
        _gathered = gathered;
        _fragments = fragments;
    }

    /// <summary>Splits and sends. The keys are known to live on more than one shard, each on one.</summary>
    public void Split(
        PendingRequest pending, ClientSession client, IShardLinks links, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var whole = _gathered.Take();
        whole.Begin(pending, Coalescer.For(command), snapshot.Model.ClientOutputLimit);
        AssignKeys(whole, snapshot, frame);
        client.Counters.RequestSplit(whole.Fragments.Length);

        // The last fragment's failure may answer the request and give `whole` back, so the count is taken first.
        var count = whole.Fragments.Length;
        for (var i = 0; i < count; i++)
        {
            Send(client, links, whole, i, command, frame);
        }
    }

    private void AssignKeys(GatheredRequest whole, PoolSnapshot snapshot, in RequestFrame frame)
    {
        if (_fragmentOfShard.Length < snapshot.Shards.Length)
        {
            _fragmentOfShard = new int[snapshot.Shards.Length];
        }

        if (_nextKey.Length < _keys.Count || _nextKey.Length > MaxKeptKeys)
        {
            _nextKey = new int[Math.Max(_keys.Count, 64)];
        }

        Array.Fill(_fragmentOfShard, -1);
        _chains.Clear();
        for (var key = 0; key < _keys.Count; key++)
        {
            var shard = snapshot.Partitioner.Route(frame[_keys[key]]);
            var index = _fragmentOfShard[shard];
            if (index < 0)
            {
                index = whole.Fragments.Length;
                _fragmentOfShard[shard] = index;
                var fragment = _fragments.Take();
                fragment.Begin(whole, shard);
                whole.AddFragment(fragment);
                _chains.Add(new KeyChain(key, key));
            }
            else
            {
                _nextKey[_chains[index].Last] = key;
                _chains[index] = _chains[index] with { Last = key };
            }

            whole.AddKey(index);
        }
    }

    private void Send(ClientSession client, IShardLinks links, GatheredRequest whole, int index, CommandInfo command, in RequestFrame frame)
    {
        var step = Math.Max(1, command.KeyStep);
        var fragment = whole.Fragments[index];
        if (links.Accept(fragment.Shard, client.Id, out var connection) is { } failure)
        {
            fragment.OnFailure(failure);
            return;
        }

        var output = connection.Output;
        var before = output.Length;
        RespWriter.ArrayHeader(output, 1 + (fragment.Keys * step));
        output.Append(frame.Encoded(0));
        var chain = _chains[index];
        for (var key = chain.First; ; key = _nextKey[key])
        {
            output.Append(frame.EncodedFrom(_keys[key], step));
            if (key == chain.Last)
            {
                break;
            }
        }

        fragment.Entered();
        connection.Enqueue(fragment, output.Length - before);
        if (command.MayReplicate)
        {
            client.NoteWrite(connection);
        }

        if (connection.IsCongested)
        {
            client.WaitFor(connection);
        }
    }

    /// <summary>The keys of one fragment: from the first over <see cref="_nextKey"/> to the last. A request with a million keys is gone through once.</summary>
    private readonly record struct KeyChain(int First, int Last);
}
