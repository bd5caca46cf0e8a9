using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Partitioning;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>Finds the shard that the keys of a request live on. One per worker.</summary>
internal sealed class ShardFinder
{
    /// <summary>A key of the request belongs to no server.</summary>
    public const int None = -1;

    /// <summary>Its keys are on several servers.</summary>
    public const int Several = -2;

    private readonly PendingRequests _pending;
    private readonly KeyPositions _keys;

    /// <param name="pending">The worker's.</param>
    /// <param name="keys">Where the positions of the keys are left.</param>
    public ShardFinder(PendingRequests pending, KeyPositions keys)
    {
        _pending = pending;
        _keys = keys;
    }

    /// <summary>The shard of all keys, <see cref="None"/> or <see cref="Several"/>.</summary>
    /// <param name="snapshot">What is routed by.</param>
    /// <param name="keys">At least one.</param>
    /// <param name="frame">The request.</param>
    public static int Of(PoolSnapshot snapshot, KeyPositions keys, in RequestFrame frame)
    {
        var shard = snapshot.Partitioner.Route(frame[keys[0]]);

        // Under `random` a key has no home: the command as a whole goes to one server.
        if (keys.Count == 1 || snapshot.Shards.Length == 1 || snapshot.Model.Distribution == Distribution.Random)
        {
            return shard;
        }

        var several = false;
        for (var i = 1; i < keys.Count; i++)
        {
            var other = snapshot.Partitioner.Route(frame[keys[i]]);
            if (other < 0 || shard < 0)
            {
                return None;
            }

            several |= other != shard;
        }

        return several ? Several : shard;
    }

    /// <summary>The shard of all keys of a request, or <see cref="Several"/>; null if it was refused.</summary>
    public int? Find(ClientSession client, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var search = KeyFinder.Find(command, frame, _keys);
        if (search is not (KeySearch.Found or KeySearch.Invalid or KeySearch.NoKeys))
        {
            Refuse(client, command, search);
            return null;
        }

        if (!_pending.MayReachServer(client, snapshot, command))
        {
            return null;
        }

        // A script may do without keys. Where none can be found Redis certainly refuses the arguments, and only a server has the words for it.
        var shard = search == KeySearch.Found ? Of(snapshot, _keys, frame) : snapshot.FirstLive;
        if (shard == None)
        {
            _pending.RefuseHomelessKey(client, snapshot, command);
            return null;
        }

        if (command.KeyMethod == KeyMethod.Sort && shard >= 0 && SortPatterns.Refusal(snapshot, shard, frame) is { IsEmpty: false } refusal)
        {
            _pending.Refuse(client, command, RequestErrorReason.Crossslot, refusal);
            return null;
        }

        return shard;
    }

    private void Refuse(ClientSession client, CommandInfo command, KeySearch search)
    {
        switch (search)
        {
            case KeySearch.WrongArity:
                var pending = _pending.Begin(client, command);
                client.Counters.RequestFailed(RequestErrorReason.Arity);
                Replies.WrongArity(pending.Writer, command.Name);
                pending.FinishWritten();
                break;
            case KeySearch.KeyCountNotInteger:
                _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.NotInteger);
                break;
            case KeySearch.KeyCountTooLarge:
                _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.TooManyKeys);
                break;
            default:
                _pending.Refuse(client, command, RequestErrorReason.Invalid, Replies.NegativeKeys);
                break;
        }
    }
}
