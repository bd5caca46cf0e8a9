using Proxy.Core.Backends;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Keyspace;

/// <summary>Commands about all keys of a pool with several servers. One per worker.</summary>
internal sealed class KeyspaceCommands
{
    private readonly PendingRequests _pending;
    private readonly ScanCommand _scan;
    private readonly KeysCommand _keys;
    private readonly RandomKeyCommand _randomKey;

    /// <param name="pending">The worker's.</param>
    /// <param name="gathered">The worker's.</param>
    /// <param name="fragments">The worker's.</param>
    public KeyspaceCommands(PendingRequests pending, FreeList<GatheredRequest> gathered, FreeList<Fragment> fragments)
    {
        _pending = pending;
        _scan = new ScanCommand(pending);
        _keys = new KeysCommand(pending);
        _randomKey = new RandomKeyCommand(pending, gathered, fragments);
    }

    /// <summary>Takes a request.</summary>
    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, PoolConnections pool, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        if (command.Local == LocalCommand.Keys && client.PutBack())
        {
            // It goes over connections of its own.
            return false;
        }

        if (!_pending.MayReachServer(client, snapshot, command))
        {
            return true;
        }

        switch (command.Local)
        {
            case LocalCommand.Scan:
                _scan.Send(client, pool, snapshot, command, frame);
                return true;
            case LocalCommand.Keys:
                return _keys.Send(client, client.LaneIn(pool), snapshot, command, frame);
            default:
                _randomKey.Send(client, client.LinksIn(pool), snapshot, command, frame);
                return true;
        }
    }
}
