using Proxy.Core.Backends;
using Proxy.Core.Requests.Forwarding;
using Proxy.Core.Requests.Transactions;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Scripts;

/// <summary>
/// Loads scripts that the pool keeps where an EVALSHA needs them, on the same connection and before it, so that nobody waits:
/// <code>
///   EVALSHA d   over a connection that is known to have d  ─▶  EVALSHA d
///               over another                               ─▶  SCRIPT LOAD … · EVALSHA d        the first reply is dropped
///   a script that is not kept                              ─▶  EVALSHA d
/// </code>
/// One per worker.
/// </summary>
internal sealed class ScriptLoader
{
    private readonly FreeList<ForwardedRequest> _requests = new(static home => new DigestRequest(home));
    private readonly FreeList<ScriptPreload> _preloads = new(static home => new ScriptPreload(home));

    /// <summary>The script that a request names, if the pool keeps it.</summary>
    public static KeptScript? Find(ClientSession client, PoolConnections pool, CommandInfo command, in RequestFrame frame) =>
        command.KeyMethod == KeyMethod.ScriptByDigest ? pool.Pool.Scripts.Find(frame[1], client.Worker.NowMs) : null;

    /// <summary>A way back for an EVALSHA that is being sent.</summary>
    public ForwardedRequest Take(KeptScript script, IServerLink link)
    {
        var request = (DigestRequest)_requests.Take();
        request.Of(script, link.Scripts);
        return request;
    }

    /// <summary>Has a server load a script, unless it is known to have it.</summary>
    /// <param name="script">Which.</param>
    /// <param name="link">Where its EVALSHA goes; it accepts requests.</param>
    public void Load(KeptScript script, IServerLink link)
    {
        var loaded = link.Scripts;
        if (loaded.Contains(script.Id))
        {
            return;
        }

        loaded.Add(script.Id);
        var preload = _preloads.Take();
        preload.Begin(script, loaded);
        link.Output.Append(script.LoadRequest);
        link.Enqueue(preload, script.LoadRequest.Length);
    }

    /// <summary>The same before the client's own request is prepared: what it said about its next request is not about this one.</summary>
    /// <param name="client">Who sends EVALSHA.</param>
    /// <param name="links">Its ways.</param>
    /// <param name="shard">Where to.</param>
    /// <param name="script">Which.</param>
    public void LoadAhead(ClientSession client, IShardLinks links, int shard, KeptScript script)
    {
        var tracking = client.Tracking;
        var isCachingGiven = tracking is { IsCachingGiven: true };
        if (isCachingGiven)
        {
            tracking!.IsCachingGiven = false;
        }

        if (links.Accept(shard, client.Id, out var link) is null)
        {
            Load(script, link);
        }

        if (isCachingGiven)
        {
            tracking!.IsCachingGiven = true;
        }
    }

    /// <summary>The scripts that a transaction runs and the pool keeps.</summary>
    public static IEnumerable<KeptScript> Of(ClientSession client, PoolConnections pool, TransactionState transaction)
    {
        if (!transaction.RunsDigests || pool.Pool.Scripts.Bytes == 0)
        {
            return [];
        }

        var scripts = new List<KeptScript>();
        var frames = new QueuedFrames(transaction.ServerBytes);
        foreach (var queued in transaction.Commands)
        {
            if (queued.Kind is not (QueuedKind.Local or QueuedKind.Refused) && Find(client, pool, queued.Command, frames.Next()) is { } script)
            {
                scripts.Add(script);
            }
        }

        return scripts;
    }
}
