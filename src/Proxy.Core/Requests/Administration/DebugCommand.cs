using System.Text;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Administration.Joining;
using Proxy.Core.Requests.Forwarding;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Administration;

/// <summary>
/// DEBUG: to the server of its key, to every server or to the first, as its first word says. What ends a server is refused. One per worker.
/// </summary>
internal sealed class DebugCommand
{
    // What is not here goes to the first server, which has the words for what it does not know.
    private static readonly (DebugReach Reach, string[] Words)[] Words =
    [
        (DebugReach.Nobody, ["SEGFAULT", "PANIC", "RESTART", "CRASH-AND-RECOVER", "OOM", "ASSERT"]),
        (DebugReach.Key, ["OBJECT", "SDSLEN", "LISTPACK", "ZIPLIST", "QUICKLIST", "HTSTATS-KEY"]),
        (DebugReach.Keys, ["DIGEST-VALUE"]),
        (DebugReach.Digest, ["DIGEST"]),
        (DebugReach.Text, ["HTSTATS", "CLIENT-EVICTION"]),
        (
            DebugReach.All,
            [
                "SLEEP", "JMAP", "RELOAD", "LOADAOF", "FLUSHALL", "SET-ACTIVE-EXPIRE", "SET-DISABLE-DENY-SCRIPTS", "SET-SKIP-CHECKSUM-VALIDATION",
                "QUICKLIST-PACKED-THRESHOLD", "CONFIG-REWRITE-FORCE-ALL", "AOF-FLUSH-SLEEP", "CHANGE-REPL-ID", "PAUSE-CRON", "REPLYBUFFER",
                "REPLICATE", "DICT-RESIZING", "MALLCTL", "MALLCTL-STR", "LOG", "LEAK", "STRINGMATCH-TEST",
            ]),
    ];

    private readonly PendingRequests _pending;
    private readonly RequestForwarder _forwarder;

    /// <param name="pending">The worker's.</param>
    /// <param name="forwarder">Takes what is for one server.</param>
    public DebugCommand(PendingRequests pending, RequestForwarder forwarder)
    {
        _pending = pending;
        _forwarder = forwarder;
    }

    /// <summary>Whom a word concerns.</summary>
    public static DebugReach ReachOf(ReadOnlySpan<byte> argument)
    {
        foreach (var (reach, words) in Words)
        {
            foreach (var word in words)
            {
                if (OptionWord.Is(argument, word))
                {
                    return reach;
                }
            }
        }

        return DebugReach.First;
    }

    /// <summary>
    /// Whether a transaction may have it. With several servers what one of them does: what otherwise the first is asked, and SLEEP, which then
    /// stops the transaction and the server that runs it.
    /// </summary>
    public static bool MayBeInTransaction(ReadOnlySpan<byte> argument, int servers) => ReachOf(argument) switch
    {
        DebugReach.Nobody => false,
        DebugReach.First => true,
        _ => servers == 1 || OptionWord.Is(argument, "SLEEP"u8),
    };

    /// <summary>Takes a request.</summary>
    public void Send(ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var reach = ReachOf(frame[1]);
        if (reach == DebugReach.Nobody)
        {
            var pending = _pending.Begin(client, command);
            client.Counters.RequestFailed(RequestErrorReason.NotSupported);
            Replies.NotSupported(pending.Writer, "debug|" + Encoding.ASCII.GetString(frame[1]).ToLowerInvariant());
            pending.FinishWritten();
        }
        else if (!_pending.MayReachServer(client, snapshot, command))
        {
            return;
        }
        else if (snapshot.Shards.Length > 1 && JoinerFor(reach) is { } joiner)
        {
            new JoinedRequest(client, _pending.Begin(client, command), joiner, snapshot.Model.ClientOutputLimit)
                .SendToAll(client.LinksIn(pool), snapshot, frame);
        }
        else
        {
            SendToOne(reach, client, pool, snapshot, command, frame);
        }
    }

    private static ReplyJoiner? JoinerFor(DebugReach reach) => reach switch
    {
        DebugReach.All => FirstJoiner.Instance,
        DebugReach.Text => TextJoiner.Instance,
        DebugReach.Digest => DigestJoiner.Instance,
        _ => null,
    };

    private void SendToOne(
        DebugReach reach, ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var keys = reach switch
        {
            DebugReach.Key => Math.Min(1, frame.Count - 2),
            DebugReach.Keys => frame.Count - 2,
            _ => 0,
        };
        var shard = keys == 0 ? snapshot.FirstLive : snapshot.Partitioner.Route(frame[2]);
        for (var i = 3; i < keys + 2 && shard >= 0; i++)
        {
            if (snapshot.Partitioner.Route(frame[i]) != shard)
            {
                _pending.Refuse(client, command, RequestErrorReason.Crossslot, Replies.CrossSlot);
                return;
            }
        }

        if (shard < 0)
        {
            _pending.RefuseHomelessKey(client, snapshot, command);
            return;
        }

        _forwarder.SendToShard(shard, client, pool, command, frame);
    }
}
