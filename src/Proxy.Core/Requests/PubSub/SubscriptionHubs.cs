using Proxy.Core.Backends;
using Proxy.Core.Workers;

namespace Proxy.Core.Requests.PubSub;

/// <summary>One worker's hubs: one for each pool in which a client of it was subscribed to anything.</summary>
internal sealed class SubscriptionHubs
{
    private readonly Worker _worker;
    private readonly Dictionary<PoolConnections, SubscriptionHub> _hubs = [];

    /// <param name="worker">The worker.</param>
    public SubscriptionHubs(Worker worker)
    {
        _worker = worker;
        worker.AddSweep(Sweep);
    }

    /// <summary>The hub of a pool.</summary>
    public SubscriptionHub Of(PoolConnections pool)
    {
        if (!_hubs.TryGetValue(pool, out var hub))
        {
            hub = new SubscriptionHub(_worker, pool);
            _hubs.Add(pool, hub);
        }

        return hub;
    }

    private void Sweep(long nowMs)
    {
        foreach (var (pool, hub) in _hubs.ToArray())
        {
            if (!hub.Sweep(nowMs))
            {
                _hubs.Remove(pool);
            }
        }
    }
}
