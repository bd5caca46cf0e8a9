namespace Proxy.Core.Topology;

/// <summary>What a listener gives its clients: the way to a pool. A reload points it at another pool while they stay connected.</summary>
internal sealed class Route
{
    private ServerPool _pool;

    public Route(ServerPool pool)
    {
        _pool = pool;
    }

    /// <summary>The pool that the next request goes to.</summary>
    public ServerPool Pool
    {
        get => Volatile.Read(ref _pool);
        set => Volatile.Write(ref _pool, value);
    }
}
