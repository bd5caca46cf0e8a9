using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;

namespace Proxy.Core.Requests.Monitoring;

/// <summary>
/// A client's MONITOR: a connection of its own to each server, whose lines it is sent as they come. One that is lost is opened again, once
/// a second. Owned by its session; used on the worker's loop only.
/// </summary>
internal sealed class MonitorState
{
    private readonly ClientSession _client;
    private readonly Dictionary<Server, MonitorConnection> _connections = new(ReferenceEqualityComparer.Instance);
    private LaneConnections? _lane;

    // The servers that are being asked for the first time.
    private AskedServers? _asked;

    /// <param name="client">Whose it is.</param>
    public MonitorState(ClientSession client)
    {
        _client = client;
    }

    /// <summary>Begins.</summary>
    /// <param name="pending">The place of MONITOR.</param>
    public void Begin(PendingRequest pending)
    {
        _asked = new AskedServers(_client, pending, _client.EndMonitor);
        EnterLane();
        OpenMissing(_lane!);
        _asked.AllAdded();
    }

    /// <summary>Called every second: follows the pool's servers.</summary>
    public void Sweep()
    {
        if (!_asked!.IsOver || _lane is null)
        {
            return;
        }

        if (_lane.IsRetired || !ReferenceEquals(_lane.Pool, _client.Pool) || !Equals(_lane.Lane.User, _client.Login.ServerUser))
        {
            CloseAll();
            EnterLane();
        }

        OpenMissing(_lane!);
    }

    /// <summary>A server sent a line. Before the client has its reply it would be taken for that.</summary>
    public void OnLine(ReadOnlySpan<byte> line)
    {
        if (_asked!.IsOver)
        {
            _client.Push(line);
        }
    }

    /// <summary>A server answered, or is lost before it did.</summary>
    public void OnAnswer(byte[]? error, BackendFailure? failure)
    {
        if (!_asked!.IsOver)
        {
            _asked.OnAnswer(error, failure);
        }
    }

    /// <summary>A connection is lost, or of no use any more.</summary>
    public void OnGone(MonitorConnection connection) => _connections.Remove(connection.Server);

    /// <summary>It is over, or the client is gone.</summary>
    public void End()
    {
        CloseAll();
        _asked!.Cancel();
    }

    private void EnterLane()
    {
        var pool = _client.Pool;
        _lane = pool.LaneFor(new Lane(pool.Snapshot.Model.Database, RespVersion: 2, _client.Login.ServerUser));
        _lane.Enter();
    }

    private void OpenMissing(LaneConnections lane)
    {
        var shards = lane.Pool.Snapshot.Shards;
        for (var i = 0; i < shards.Length; i++)
        {
            var server = shards[i].Primary;
            if (server.Health.State != ServerState.Ejected && !_connections.ContainsKey(server))
            {
                Open(server, lane.Leases(i));
            }
        }
    }

    private void Open(Server server, LeasePool leases)
    {
        var connection = new MonitorConnection(this, server);
        _connections.Add(server, connection);
        if (!_asked!.IsOver)
        {
            _asked.Add();
        }

        if (connection.Open(leases) is { } failure)
        {
            _connections.Remove(server);
            OnAnswer(null, failure);
        }
    }

    private void CloseAll()
    {
        _lane?.Leave();
        _lane = null;
        foreach (var connection in _connections.Values)
        {
            connection.Close();
        }

        _connections.Clear();
    }
}
