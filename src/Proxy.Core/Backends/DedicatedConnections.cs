using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>
/// One worker's connections to one server that serve one request each, apart from the shared ones: what would hold the others up. A
/// connection that is given back clean is kept for the next for a while. Used on the worker's loop only.
/// </summary>
internal sealed class DedicatedConnections
{
    /// <summary>Connections at the same time, per worker, server and lane.</summary>
    public const int Limit = 32;

    /// <summary>Of these, how many may be with requests that wait for their clients and are not in a hurry: the others stay for those that are.</summary>
    public const int LimitOfPatient = 24;

    /// <summary>Milliseconds after which one that nobody needed is closed.</summary>
    private const int IdleMs = 10_000;

    private readonly ServerConnections _owner;
    private readonly Worker _worker;

    // The one that was given back last is taken first: the others grow old.
    private readonly List<(BackendConnection Connection, long SinceMs)> _idle = [];
    private int _taken;

    public DedicatedConnections(ServerConnections owner, Worker worker)
    {
        _owner = owner;
        _worker = worker;
    }

    /// <summary>Takes a connection, which is the caller's until <see cref="GiveBack"/>.</summary>
    /// <param name="limit">How many may be taken then: <see cref="Limit"/> or <see cref="LimitOfPatient"/>.</param>
    /// <returns>Null when so many are taken that there is none left.</returns>
    public BackendConnection? TryTake(int limit = Limit)
    {
        if (_taken >= limit)
        {
            return null;
        }

        _taken++;
        while (_idle.Count > 0)
        {
            var connection = _idle[^1].Connection;
            _idle.RemoveAt(_idle.Count - 1);
            if (connection.IsClean)
            {
                return connection;
            }

            connection.Retire();
        }

        return new BackendConnection(_owner, _worker, isShared: false);
    }

    /// <summary>The request is done with the connection. It is kept if the next one could not tell it from a new one.</summary>
    public void GiveBack(BackendConnection connection)
    {
        _taken--;
        if (connection.IsClean && !_owner.IsRetired)
        {
            _idle.Add((connection, _worker.NowMs));
        }
        else
        {
            connection.Retire();
        }
    }

    /// <summary>Closes those that nobody needed for long.</summary>
    public void Sweep(long nowMs)
    {
        var old = 0;
        while (old < _idle.Count && nowMs - _idle[old].SinceMs > IdleMs)
        {
            _idle[old++].Connection.Retire();
        }

        _idle.RemoveRange(0, old);
    }

    /// <summary>The server is no longer used. Those that are taken close when they are given back.</summary>
    public void Retire()
    {
        foreach (var (connection, _) in _idle)
        {
            connection.Retire();
        }

        _idle.Clear();
    }
}
