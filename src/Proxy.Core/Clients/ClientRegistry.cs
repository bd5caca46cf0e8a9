using System.Runtime.CompilerServices;
using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Core.Requests;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Clients;

/// <summary>All of one worker's clients, and what they share. Used on the worker's loop only, except for the count.</summary>
internal sealed class ClientRegistry
{
    private static long _lastId;

    private readonly List<ClientConnection> _clients = [];
    private readonly ConditionalWeakTable<PoolModel, RequestLimits> _limits = [];
    private TaskCompletionSource? _empty;
    private int _count;

    public ClientRegistry(Worker worker, BackendRegistry backends, RequestRouter router)
    {
        Worker = worker;
        Backends = backends;
        Router = router;
        worker.AddSweep(Sweep);
    }

    /// <summary>The worker.</summary>
    public Worker Worker { get; }

    /// <summary>The worker's connections to servers.</summary>
    public BackendRegistry Backends { get; }

    /// <summary>Decides what becomes of requests.</summary>
    public RequestRouter Router { get; }

    /// <summary>Clients connected. Readable from any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>A number no client of the process had before.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>What clients of a pool may send; one object for all of them.</summary>
    public RequestLimits LimitsOf(PoolModel model) =>
        _limits.GetValue(model, static model => new RequestLimits { MaxRequestSize = model.MaxRequestSize });

    /// <summary>A client connected.</summary>
    public void Add(ClientConnection client)
    {
        client.RegistryIndex = _clients.Count;
        _clients.Add(client);
        Volatile.Write(ref _count, _clients.Count);
    }

    /// <summary>The clients whose requests go to a pool; without those that are only to close their side.</summary>
    public ClientConnection[] ClientsOf(ServerPool pool) => [.. _clients.Where(client => ReferenceEquals(client.Pool.Pool, pool) && !client.IsLingering)];

    /// <summary>A client is gone.</summary>
    public void Remove(ClientConnection client)
    {
        var index = client.RegistryIndex;
        if (index >= _clients.Count || !ReferenceEquals(_clients[index], client))
        {
            return;
        }

        _clients[index] = _clients[^1];
        _clients[index].RegistryIndex = index;
        _clients.RemoveAt(_clients.Count - 1);
        Volatile.Write(ref _count, _clients.Count);
        if (_clients.Count == 0)
        {
            _empty?.TrySetResult();
        }
    }

    /// <summary>Closes every client as soon as nothing is under way for it.</summary>
    /// <returns>Completes when the last one is gone.</returns>
    public Task DrainAsync()
    {
        _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var client in _clients.ToArray())
        {
            client.CloseWhenIdle(ClientCloseReason.Drain);
        }

        if (_clients.Count == 0)
        {
            _empty.TrySetResult();
        }

        return _empty.Task;
    }

    /// <summary>Closes every client that <paramref name="which"/> names as soon as nothing is under way for it: its listener is gone.</summary>
    public void CloseWhenIdle(Func<ClientConnection, bool> which, ClientCloseReason reason)
    {
        foreach (var client in _clients.Where(which).ToArray())
        {
            client.CloseWhenIdle(reason);
        }
    }

    /// <summary>A reload may have changed who may do what.</summary>
    public void RefreshUsers()
    {
        foreach (var client in _clients.ToArray())
        {
            client.Login.Refresh();
        }
    }

    /// <summary>Closes every client that <paramref name="which"/> names at once.</summary>
    public void Abort(Func<ClientConnection, bool> which, ClientCloseReason reason)
    {
        foreach (var client in _clients.Where(which).ToArray())
        {
            client.Abort(reason);
        }
    }

    private void Sweep(long nowMs)
    {
        // From the end: a client that is closed by this is replaced by one that was already looked at.
        for (var i = _clients.Count - 1; i >= 0; i--)
        {
            if (i < _clients.Count)
            {
                _clients[i].Sweep(nowMs);
            }
        }
    }
}
