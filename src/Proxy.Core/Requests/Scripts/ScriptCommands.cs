using Proxy.Core.Backends;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Scripts;

/// <summary>
/// SCRIPT and FUNCTION commands about all servers. Those that ask for what runs, or end it, go over connections of their own: on the shared one
/// a script may be running. One per worker.
/// </summary>
internal sealed class ScriptCommands
{
    private static readonly OneSucceededCoalescer Killed = new();
    private static readonly FunctionStatsCoalescer Stats = new();

    private readonly PendingRequests _pending;
    private readonly RequestBroadcaster _broadcaster;

    /// <param name="pending">The worker's.</param>
    /// <param name="broadcaster">The worker's.</param>
    public ScriptCommands(PendingRequests pending, RequestBroadcaster broadcaster)
    {
        _pending = pending;
        _broadcaster = broadcaster;
    }

    /// <summary>Whether SCRIPT FLUSH has arguments that a server takes.</summary>
    public static bool IsRightFlush(in RequestFrame frame) =>
        frame.Count == 2 || (frame.Count == 3 && (OptionWord.Is(frame[2], "ASYNC"u8) || OptionWord.Is(frame[2], "SYNC"u8)));

    /// <summary>Takes a request.</summary>
    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var isAside = command.Local is LocalCommand.ScriptKill or LocalCommand.FunctionKill or LocalCommand.FunctionStats;
        if (isAside && client.PutBack())
        {
            return false;
        }

        if (!_pending.MayReachServer(client, snapshot, command))
        {
            return true;
        }

        if (isAside)
        {
            _broadcaster.SendAside(
                _pending.Begin(client, command), client, pool, snapshot, command.Local == LocalCommand.FunctionStats ? Stats : Killed, frame);
        }
        else
        {
            _broadcaster.Send(
                _pending.Begin(client, command), client, client.LinksIn(pool), snapshot, command, CoalescerFor(client, pool.Pool, command, frame), frame);
        }

        return true;
    }

    private static Coalescer CoalescerFor(ClientSession client, ServerPool pool, CommandInfo command, in RequestFrame frame)
    {
        switch (command.Local)
        {
            case LocalCommand.ScriptLoad:
                return new ScriptLoadCoalescer(pool.Scripts, pool.Scripts.Prepare(frame[2]));
            case LocalCommand.ScriptExists:
                var isKept = new bool[frame.Count - 2];
                for (var i = 0; i < isKept.Length; i++)
                {
                    isKept[i] = pool.Scripts.Find(frame[i + 2], client.Worker.NowMs) is not null;
                }

                return new ScriptExistsCoalescer(isKept);
            default:
                // Now: an EVALSHA behind it is not to load what it removes.
                if (IsRightFlush(frame))
                {
                    pool.Scripts.Clear();
                }

                return Coalescer.AllSucceeded;
        }
    }
}
