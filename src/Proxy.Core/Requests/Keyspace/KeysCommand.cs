using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Keyspace;

/// <summary>KEYS over several servers, over connections of its own: its reply may take long to be read. See <see cref="KeysRequest"/>.</summary>
internal sealed class KeysCommand
{
    /// <summary>How soon it is tried again when all connections of a server are taken.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(20);

    private readonly PendingRequests _pending;
    private readonly List<(DedicatedConnections Home, BackendConnection Connection)> _taken = [];

    /// <param name="pending">The worker's.</param>
    public KeysCommand(PendingRequests pending)
    {
        _pending = pending;
    }

    /// <summary>Sends a request whose client has nothing else under way. At least one server is live.</summary>
    /// <returns>False if it has to come again.</returns>
    public bool Send(ClientSession client, LaneConnections lane, PoolSnapshot snapshot, CommandInfo command, in RequestFrame frame)
    {
        var failure = TakeConnections(client, lane, snapshot, out var areAllTaken);
        if (failure is not null || areAllTaken)
        {
            GiveBackAll();
            if (failure is not null)
            {
                _pending.Begin(client, command).Fail(failure);
                return true;
            }

            client.HoldUntil(Task.Delay(TryAgain));
            return false;
        }

        client.Counters.RequestSplit(_taken.Count);
        var request = new KeysRequest(client, _pending.Begin(client, command));
        foreach (var (home, connection) in _taken)
        {
            request.Add(home, connection);
        }

        _taken.Clear();
        request.Send(frame.Bytes);
        return true;
    }

    private BackendFailure? TakeConnections(ClientSession client, LaneConnections lane, PoolSnapshot snapshot, out bool areAllTaken)
    {
        areAllTaken = false;
        for (var shard = 0; shard < snapshot.Shards.Length; shard++)
        {
            if (snapshot.Shards[shard].Primary.Health.State == ServerState.Ejected)
            {
                continue;
            }

            // A server that is known to be down costs no further attempt.
            var shared = lane.For(shard, client.Id);
            if (shared.State == ConnectionState.Down && shared.Accept() is { } down)
            {
                return down;
            }

            var home = lane.Dedicated(shard);
            if (home.TryTake(DedicatedConnections.LimitOfPatient) is not { } connection)
            {
                areAllTaken = true;
                return null;
            }

            _taken.Add((home, connection));
            if (connection.Accept() is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private void GiveBackAll()
    {
        foreach (var (home, connection) in _taken)
        {
            home.GiveBack(connection);
        }

        _taken.Clear();
    }
}
