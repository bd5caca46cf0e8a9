using Proxy.Core.Backends.Leases;
using Proxy.Core.Model;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>
/// One worker's connections to one server in one lane: <c>server_connections</c> of them, shared by all its clients. A client always
/// uses the same one, so that it reads its own writes. Used on the worker's loop only.
/// </summary>
internal sealed class ServerConnections
{
    /// <summary>
    /// Milliseconds from one <see cref="TakeOut"/> to the next: a client that writes and waits all the time must not have the others wait for a
    /// new connection all the time.
    /// </summary>
    private const int TakeOutIntervalMs = 100;

    /// <summary>Milliseconds from one <see cref="TakeOutOccupied"/> to the next: scripts that all take long open no more than ten connections a second.</summary>
    private const int OccupiedIntervalMs = 100;

    private readonly Worker _worker;
    private readonly BackendConnection?[] _connections;
    private readonly long[] _leftAt;
    private readonly List<BackendConnection> _takenOut = [];
    private long _takenOutMs;
    private BackendConnection? _occupied;
    private long _occupiedMs;

    public ServerConnections(
        Worker worker, IBackendConnector connector, Server server, Lane lane, PoolConnections pool, PoolModel model)
    {
        _worker = worker;
        _connections = new BackendConnection?[model.ServerConnections];
        _leftAt = new long[_connections.Length];
        Connector = connector;
        Server = server;
        Lane = lane;
        Model = model;
        Dedicated = new DedicatedConnections(this, worker);
        Leases = new LeasePool(this, pool, worker);
    }

    /// <summary>Where they go.</summary>
    public Server Server { get; }

    /// <summary>What they have in common.</summary>
    public Lane Lane { get; }

    /// <summary>True for the lane in which clients begin: there a server that refuses the handshake is of no use.</summary>
    public bool IsDefault => Lane == new Lane(Model.Database, RespVersion: 2);

    /// <summary>The pool's settings; a reload replaces them under the open connections.</summary>
    public PoolModel Model { get; set; }

    /// <summary>Those that serve one request each.</summary>
    public DedicatedConnections Dedicated { get; }

    /// <summary>Those that one holder has for itself.</summary>
    public LeasePool Leases { get; }

    /// <summary>True once the server is no longer used: a connection opened for a straggler closes when it is answered.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>Opens channels.</summary>
    public IBackendConnector Connector { get; }

    /// <summary>The connection of a client.</summary>
    /// <param name="affinity">The client's own number, not negative.</param>
    public BackendConnection For(long affinity)
    {
        var index = _connections.Length == 1 ? 0 : (int)(affinity % _connections.Length);
        var connection = _connections[index];
        if (connection is null or { State: ConnectionState.Closed })
        {
            connection = new BackendConnection(this, _worker, isShared: true);
            _connections[index] = connection;
        }

        return connection;
    }

    /// <summary>
    /// When the connection of a client was last another one, or another socket, by <see cref="Worker.LinksLeft"/>: what the client wrote since
    /// went over the present one.
    /// </summary>
    public long LeftAt(long affinity) => _leftAt[affinity % _leftAt.Length];

    /// <summary>When the server last sent something on one of those that are shared, in <see cref="Environment.TickCount64"/>.</summary>
    public long HeardMs => _connections.Max(static connection => connection?.ReceivedMs ?? 0);

    /// <summary>False while the last connection was taken out a moment ago.</summary>
    public bool MayTakeOut => _worker.NowMs - _takenOutMs >= TakeOutIntervalMs;

    /// <summary>Connections that were taken out of the set for a request that waits, and are not closed yet.</summary>
    public int CountTakenOut()
    {
        _takenOut.RemoveAll(static connection => connection.State == ConnectionState.Closed);
        return _takenOut.Count;
    }

    /// <summary>The server does not answer any more: those that were taken out are lost.</summary>
    public void LoseTakenOut()
    {
        var lost = _takenOut.ToArray();
        _takenOut.Clear();
        foreach (var connection in lost)
        {
            connection.GiveUp();
        }
    }

    /// <summary>A connection lost its socket, or leaves the set.</summary>
    public void NoteLeft(BackendConnection connection)
    {
        var index = Array.IndexOf(_connections, connection);
        if (index >= 0)
        {
            _leftAt[index] = ++_worker.LinksLeft;
        }
    }

    /// <summary>Takes a connection out of the shared set for the request that was just entered: nobody is to be behind that.</summary>
    public void TakeOut(BackendConnection connection)
    {
        _takenOutMs = _worker.NowMs;
        _takenOut.Add(connection);
        Replace(connection);
    }

    /// <summary>
    /// Takes a connection out of the shared set on which a script has been running for long: who asks now is not to wait behind it, and the server has
    /// an answer for him: its refusal. One at a time: a server runs one script, so that what waits on the others waits for this one.
    /// </summary>
    public void TakeOutOccupied(BackendConnection connection)
    {
        if (_occupied is { State: not ConnectionState.Closed } || _worker.NowMs - _occupiedMs < OccupiedIntervalMs)
        {
            return;
        }

        _occupied = connection;
        _occupiedMs = _worker.NowMs;
        Replace(connection);
    }

    /// <summary>Opens all of them.</summary>
    public void Preconnect()
    {
        for (var i = 0; i < _connections.Length; i++)
        {
            For(i).Preconnect();
        }
    }

    /// <summary>Takes a connection out of the shared set: it finishes what it has, and the next request opens another in its place.</summary>
    public void Replace(BackendConnection connection)
    {
        NoteLeft(connection);
        var index = Array.IndexOf(_connections, connection);
        if (index >= 0)
        {
            _connections[index] = null;
        }

        connection.Retire();
    }

    /// <summary>The server is no longer used: every connection finishes what it has and closes.</summary>
    public void Retire()
    {
        IsRetired = true;
        Server.MayBeBusy = false;
        for (var i = 0; i < _connections.Length; i++)
        {
            _connections[i]?.Retire();
            _connections[i] = null;
        }

        Dedicated.Retire();
        Leases.Retire();
    }
}
