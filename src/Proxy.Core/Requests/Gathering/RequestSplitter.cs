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
    private readonly KeyPositions _keys;
    private readonly FreeList<GatheredRequest> _gathered;
    private readonly FragmentKeys _fragmentKeys;

    /// <param name="keys">Where the router leaves the positions of the keys.</param>
    /// <param name="gathered">The worker's.</param>
    /// <param name="fragments">The worker's.</param>
    public RequestSplitter(KeyPositions keys, FreeList<GatheredRequest> gathered, FreeList<Fragment> fragments)
    {
        _keys = keys;
        _gathered = gathered;
        _fragmentKeys = new FragmentKeys(fragments);
    }

    /// <summary>Splits and sends. The keys are known to live on more than one shard, each on one.</summary>
    public void Split(
        PendingRequest pending, ClientSession client, IShardLinks links, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var whole = _gathered.Take();
        whole.Begin(pending, Coalescer.For(command), snapshot.Model.ClientOutputLimit);
        _fragmentKeys.Assign(whole, snapshot, _keys, frame);
        client.Counters.RequestSplit(whole.Fragments.Length);

        // The last fragment's failure may answer the request and give `whole` back, so the count is taken first.
        var count = whole.Fragments.Length;
        for (var i = 0; i < count; i++)
        {
            Send(client, links, whole, i, command, frame);
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
        for (var key = _fragmentKeys.First(index); key >= 0; key = _fragmentKeys.Next(index, key))
        {
            output.Append(frame.EncodedFrom(_keys[key], step));
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
}
