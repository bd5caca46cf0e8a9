using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>
/// Answers commands that Redis runs on the keys of one server only, and whose keys are on several: the servers are asked for their parts, and
/// the reply is computed of theirs. Not atomic: each server replies at its own time. One per worker.
/// <code>
///   SUNION a b c    a, c on shard 1    ─▶  SUNION a c ─┐
///                   b on shard 2       ─▶  SUNION b  ──┴─▶ union ─▶ reply
/// </code>
/// </summary>
internal sealed class CrossServerRequests
{
    /// <summary>Requests to servers for one command, of which each takes some 500 bytes beside what it is replied.</summary>
    private const int MaxParts = 16 * 1024;

    /// <summary>Bytes of replies, whatever the limit of the client: they have to fit in one piece.</summary>
    private const long MaxGathered = 1L << 30;

    private readonly PendingRequests _pending;
    private readonly KeyPositions _keys;
    private readonly FreeList<GatheredRequest> _gathered;
    private readonly FreeList<Fragment> _fragments;
    private readonly FragmentKeys _fragmentKeys;
    private readonly Computations _computations;

    /// <param name="worker">Whose clients are served.</param>
    /// <param name="pending">The worker's.</param>
    /// <param name="keys">Where the positions of the keys are left.</param>
    /// <param name="gathered">The worker's.</param>
    /// <param name="fragments">The worker's.</param>
    public CrossServerRequests(
        Worker worker, PendingRequests pending, KeyPositions keys, FreeList<GatheredRequest> gathered, FreeList<Fragment> fragments)
    {
        _pending = pending;
        _keys = keys;
        _gathered = gathered;
        _fragments = fragments;
        _fragmentKeys = new FragmentKeys(fragments);
        _computations = worker.Computations;
    }

    /// <summary>Takes a request whose keys are known to live on more than one shard, each on one.</summary>
    public void Send(ClientSession client, IShardLinks links, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var server = snapshot.Shards[snapshot.FirstLive].Primary;
        var plan = CrossServerPlan.Make(
            _computations, command.CrossServer, _keys, frame, server, client.RespVersion, out var refusal);
        if (plan is null)
        {
            _pending.Refuse(client, command, RequestErrorReason.Invalid, refusal);
        }
        else if (plan.Part.IsByKey && _keys.Count > MaxParts)
        {
            var refused = _pending.Begin(client, command);
            client.Counters.RequestFailed(RequestErrorReason.TooLarge);
            Replies.TooManyCrossServerKeys(refused.Writer, snapshot.Model.Name);
            refused.FinishWritten();
        }
        else
        {
            Gather(_pending.Begin(client, command), client, links, snapshot, plan, frame);
        }
    }

    private void Gather(
        PendingRequest pending, ClientSession client, IShardLinks links, PoolSnapshot snapshot, CrossServerPlan plan, in RequestFrame frame)
    {
        var whole = _gathered.Take();
        whole.Begin(pending, plan.Computation, Math.Min(snapshot.Model.ClientOutputLimit, MaxGathered));
        if (plan.Part.IsByKey)
        {
            for (var key = 0; key < _keys.Count; key++)
            {
                var fragment = _fragments.Take();
                fragment.Begin(whole, snapshot.Partitioner.Route(frame[_keys[key]]));
                whole.AddFragment(fragment);
            }
        }
        else
        {
            _fragmentKeys.Assign(whole, snapshot, _keys, frame);
        }

        client.Counters.RequestSplit(whole.Fragments.Length);

        // The last fragment's failure may answer the request and give `whole` back, so the count is taken first.
        var count = whole.Fragments.Length;
        for (var i = 0; i < count; i++)
        {
            Send(client, links, whole.Fragments[i], i, plan.Part, frame);
        }
    }

    private void Send(ClientSession client, IShardLinks links, Fragment fragment, int index, PartRequest part, in RequestFrame frame)
    {
        if (links.Accept(fragment.Shard, client.Id, out var connection) is { } failure)
        {
            fragment.OnFailure(failure);
            return;
        }

        var output = connection.Output;
        var before = output.Length;
        if (part.IsByKey)
        {
            part.WriteHead(output, isFirst: index == 0, keys: 1);
            output.Append(frame.Encoded(_keys[index]));
        }
        else
        {
            part.WriteHead(output, isFirst: index == 0, fragment.Keys);
            for (var key = _fragmentKeys.First(index); key >= 0; key = _fragmentKeys.Next(index, key))
            {
                output.Append(frame.Encoded(_keys[key]));
            }
        }

        part.WriteTail(output, isFirst: index == 0);
        fragment.Entered();
        connection.Enqueue(fragment, output.Length - before);
        if (connection.IsCongested)
        {
            client.WaitFor(connection);
        }
    }
}
