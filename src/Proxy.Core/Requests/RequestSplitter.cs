using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>
/// Cuts a multi-key request into one fragment per shard. Keys keep their order within a shard and duplicates stay.
/// <code>
///   MSET a 1 b 2 c 3        a, c on shard 1    ─▶  *5 MSET a 1 c 3
///                           b on shard 2       ─▶  *3 MSET b 2
/// </code>
/// </summary>
internal sealed class RequestSplitter
{
    private readonly KeyPositions _keys;
    private readonly FreeList<Fragment> _fragments = new(static home => new Fragment(home));
    private readonly FreeList<GatheredRequest> _gathered = new(static home => new GatheredRequest(home));
    private int[] _fragmentOfShard = [];

    /// <param name="keys">Where the router leaves the positions of the keys.</param>
    public RequestSplitter(KeyPositions keys)
    {
        _keys = keys;
    }

    /// <summary>Splits and sends. The keys are known to live on more than one shard, each on one.</summary>
    public void Split(PendingRequest pending, ClientSession client, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var whole = _gathered.Take();
        whole.Begin(pending, Coalescer.For(command), snapshot.Model.ClientOutputLimit);
        AssignKeys(whole, snapshot, frame);
        client.Counters.RequestSplit(whole.Fragments.Count);

        // The last fragment's failure may answer the request and give `whole` back, so the count is taken first.
        var count = whole.Fragments.Count;
        var step = Math.Max(1, command.KeyStep);
        for (var i = 0; i < count; i++)
        {
            Send(client, whole, i, step, frame);
        }
    }

    private void AssignKeys(GatheredRequest whole, PoolSnapshot snapshot, in RequestFrame frame)
    {
        if (_fragmentOfShard.Length < snapshot.Shards.Length)
        {
            _fragmentOfShard = new int[snapshot.Shards.Length];
        }

        Array.Fill(_fragmentOfShard, -1);
        for (var i = 0; i < _keys.Count; i++)
        {
            var shard = snapshot.Partitioner.Route(frame[_keys[i]]);
            if (_fragmentOfShard[shard] < 0)
            {
                _fragmentOfShard[shard] = whole.Fragments.Count;
                var fragment = _fragments.Take();
                fragment.Begin(whole, shard);
                whole.AddFragment(fragment);
            }

            whole.AddKey(_fragmentOfShard[shard]);
        }
    }

    private void Send(ClientSession client, GatheredRequest whole, int index, int step, in RequestFrame frame)
    {
        var fragment = whole.Fragments[index];
        var connection = client.Pool.Connection(fragment.Shard, client.Id);
        if (connection.Accept() is { } failure)
        {
            fragment.OnFailure(failure);
            return;
        }

        var output = connection.Output;
        var before = output.Length;
        RespWriter.ArrayHeader(output, 1 + (fragment.Keys * step));
        output.Append(frame.Encoded(0));
        for (var key = 0; key < _keys.Count; key++)
        {
            if (whole.FragmentOfKey[key] == index)
            {
                output.Append(frame.EncodedFrom(_keys[key], step));
            }
        }

        fragment.Entered();
        connection.Enqueue(fragment, output.Length - before);
        if (connection.IsCongested)
        {
            client.WaitFor(connection);
        }
    }
}
