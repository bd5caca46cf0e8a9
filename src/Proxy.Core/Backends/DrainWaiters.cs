namespace Proxy.Core.Backends;

/// <summary>Those that wait until a server took what they sent. Each is told once.</summary>
internal sealed class DrainWaiters
{
    private readonly List<IDrainWaiter> _waiting = [];

    /// <summary>Enters one more.</summary>
    public void Add(IDrainWaiter waiter) => _waiting.Add(waiter);

    /// <summary>Tells all of them. Those that have to wait again are told the next time.</summary>
    public void Release()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var waiter in waiting)
        {
            waiter.OnDrained();
        }
    }
}
