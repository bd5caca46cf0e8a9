using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends.Leases;

/// <summary>
/// One worker's leases of one server in one lane: opens them, keeps those that were given back clean for the next holder, and sees to it
/// that a pool has no more of them than <c>leased_connections</c>. Used on the worker's loop only.
/// </summary>
internal sealed class LeasePool
{
    /// <summary>Openings under way at the same time: thousands of clients that come back after a restart are no flood of connects.</summary>
    public const int OpeningLimit = 64;

    /// <summary>Leases kept for the next holder: what commands that come one after the other from some clients take.</summary>
    public const int IdleLimit = 32;

    /// <summary>Milliseconds after which one that nobody took is closed.</summary>
    private const int IdleMs = 10_000;

    private static readonly TimeSpan RetiredSweepInterval = TimeSpan.FromSeconds(1);

    private readonly PoolConnections _pool;
    private readonly Worker _worker;
    private readonly HealthReporter _health;
    private readonly ReconnectBackoff _backoff = new();
    private readonly LeaseProbe _probe;
    private readonly List<LeasedConnection> _all = [];

    // The one that was given back last is taken first: the others grow old.
    private readonly List<(LeasedConnection Lease, long SinceMs)> _idle = [];
    private readonly Queue<LeasedConnection> _waiting = [];
    private long _refused;
    private int _opening;
    private bool _sweepsItself;
    private BackendFailure? _failure;
    private long _failedUntilMs;

    /// <param name="owner">Where they go, and in which lane.</param>
    /// <param name="pool">The worker's connections of the pool.</param>
    /// <param name="worker">Whose they are.</param>
    public LeasePool(ServerConnections owner, PoolConnections pool, Worker worker)
    {
        Owner = owner;
        _pool = pool;
        _worker = worker;
        _health = new HealthReporter(owner.Server, worker);
        _probe = new LeaseProbe(owner, worker);
    }

    /// <summary>Where they go, and in which lane.</summary>
    public ServerConnections Owner { get; }

    /// <summary>The server.</summary>
    public Server Server => Owner.Server;

    /// <summary>
    /// A connection to the same server that others share, of the user that the proxy is there by itself: for what is said about a lease.
    /// </summary>
    public BackendConnection Shared => (Owner.Lane.User is null ? null : _pool.Default.SharedTo(Server)) ?? Owner.For(0);

    /// <summary>The pool's settings.</summary>
    public PoolModel Model => Owner.Model;

    private ServerCounters Counters => Server.Counters[_worker.Index];

    /// <summary>Leases that are held, or kept for the next.</summary>
    public int Count => _all.Count;

    /// <summary>Leases that are kept for the next.</summary>
    public int Idle => _idle.Count;

    /// <summary>Takes a lease, which is the holder's until it gives it back, closes it, or is told that it is lost.</summary>
    /// <param name="holder">Whose it will be. It is not called before this returns.</param>
    /// <param name="lease">Without a failure the lease; requests may be entered at once.</param>
    /// <returns>Null, or why there is none.</returns>
    public BackendFailure? Take(ILeaseHolder holder, out LeasedConnection? lease)
    {
        lease = TakeIdle();
        if (lease is null && Refusal() is { } refusal)
        {
            return refusal;
        }

        lease ??= Open();
        lease.Lend(holder);
        if (Owner.IsRetired)
        {
            RetireLate(lease, holder);
        }

        return null;
    }

    /// <summary>Keeps a lease for the next holder.</summary>
    /// <returns>False if it is to be closed.</returns>
    public bool TryKeep(LeasedConnection lease)
    {
        // Where there is little room, what is kept for nobody in particular must not be wanting elsewhere.
        if (_idle.Count == IdleLimit || Owner.IsRetired || _pool.Pool.Leases > Model.LeasedConnections / 2)
        {
            return false;
        }

        _idle.Add((lease, _worker.NowMs));
        Counters.LeaseKept();
        return true;
    }

    /// <summary>Closes a lease that nobody holds.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryCloseIdle()
    {
        if (_idle.Count == 0)
        {
            return false;
        }

        _idle[0].Lease.Close();
        return true;
    }

    /// <summary>An opening succeeded.</summary>
    public void Opened()
    {
        OpeningOver();
        _failure = null;
        _probe.Heard();
        Counters.LeaseOpened();
        _health.Connected(Model.AutoEjectHosts);
    }

    /// <summary>An attempt to open one is over, however it ended.</summary>
    public void OpeningOver()
    {
        _opening--;
        OpenNext();
    }

    /// <summary>An opening failed: so will those behind it.</summary>
    public void OpenFailed(LeasedConnection lease, BackendFailure failure)
    {
        _opening--;
        if (_failure is null || _worker.NowMs >= _failedUntilMs)
        {
            // Those that were opened at the same time failed at the same time: that is one failure.
            _failedUntilMs = _worker.NowMs
                + (failure.Kind == FailureKind.Busy ? BackendConnection.BusyMs : (long)_backoff.Next(Model.ReconnectBackoff).TotalMilliseconds);
            ReportFailure(failure);
        }

        _failure = failure;
        var behind = _waiting.ToArray();
        _waiting.Clear();
        lease.Lose(ServerCloseReason.Error, failure);
        foreach (var next in behind)
        {
            next.Lose(ServerCloseReason.Error, failure);
        }
    }

    /// <summary>The server sent something.</summary>
    public void Heard()
    {
        _backoff.Reset();
        _probe.Heard();
        _health.Answered();
    }

    /// <summary>The server failed a lease.</summary>
    public void ReportFailure(BackendFailure failure)
    {
        // A server without the database, the protocol or the user that one client wants is well for the others.
        var isOfTheLane = failure.Kind is FailureKind.HandshakeFailed or FailureKind.SelectFailed
            || (failure.Kind == FailureKind.AuthenticationFailed && Owner.Lane.User is not null);
        if (failure.Kind != FailureKind.Busy && (!isOfTheLane || Owner.IsDefault))
        {
            _health.Failed(failure);
        }
    }

    /// <summary>A lease is closed.</summary>
    /// <param name="lease">Which.</param>
    /// <param name="before">Where it stood.</param>
    public void Gone(LeasedConnection lease, LeaseState before)
    {
        var last = _all[^1];
        _all[lease.PoolIndex] = last;
        last.PoolIndex = lease.PoolIndex;
        _all.RemoveAt(_all.Count - 1);
        _pool.Pool.ReleaseLease();
        if (before == LeaseState.Ready)
        {
            Counters.LeaseClosed();
            if (lease.Holder is null && _idle.RemoveAll(idle => ReferenceEquals(idle.Lease, lease)) > 0)
            {
                Counters.LeaseNoLongerKept();
            }
        }
    }

    /// <summary>Called every second: closes what nobody needed for long, and what a server does not answer in time.</summary>
    public void Sweep(long nowMs)
    {
        var refused = _pool.Pool.LeasesRefused;
        while (_idle.Count > 0 && (nowMs - _idle[0].SinceMs > IdleMs || refused != _refused))
        {
            // Old, or wanting on another thread.
            TryCloseIdle();
        }

        _refused = refused;

        // From the end: one that is closed by this is replaced by one that was already looked at.
        for (var i = _all.Count - 1; i >= 0; i--)
        {
            if (i < _all.Count)
            {
                _all[i].CheckDeadline(nowMs);
            }
        }

        if (_probe.Sweep(nowMs, _all.Count > _idle.Count || Owner.CountTakenOut() > 0) is { } failure)
        {
            LoseAll(failure);
        }
    }

    /// <summary>The server is no longer used: holders are told, and what is given back closes.</summary>
    public void Retire()
    {
        while (TryCloseIdle())
        {
        }

        foreach (var lease in _all.ToArray())
        {
            lease.Holder?.OnRetired(lease);
        }

        SweepUntilEmpty();
    }

    /// <summary>A straggler: what it has just taken is to be given back soon all the same.</summary>
    private void RetireLate(LeasedConnection lease, ILeaseHolder holder)
    {
        SweepUntilEmpty();
        _worker.Loop.Execute(() =>
        {
            if (ReferenceEquals(lease.Holder, holder))
            {
                holder.OnRetired(lease);
            }
        });
    }

    /// <summary>Nobody else looks after it once it is retired.</summary>
    private void SweepUntilEmpty()
    {
        if (_sweepsItself || (_all.Count == 0 && Owner.CountTakenOut() == 0) || _worker.Loop.IsShuttingDown)
        {
            return;
        }

        _sweepsItself = true;
        _worker.Loop.Schedule(
            () =>
            {
                _sweepsItself = false;
                _worker.RefreshClock();
                Sweep(_worker.NowMs);
                SweepUntilEmpty();
            },
            RetiredSweepInterval);
    }

    private void LoseAll(BackendFailure failure)
    {
        ReportFailure(failure);
        foreach (var lease in _all.ToArray())
        {
            lease.Lose(ServerCloseReason.Timeout, failure);
        }

        Owner.LoseTakenOut();
    }

    private LeasedConnection? TakeIdle()
    {
        while (_idle.Count > 0)
        {
            var lease = _idle[^1].Lease;
            if (lease.IsClean)
            {
                _idle.RemoveAt(_idle.Count - 1);
                Counters.LeaseNoLongerKept();
                return lease;
            }

            lease.Close();
        }

        return null;
    }

    private BackendFailure? Refusal()
    {
        if (_failure is { } failure && _worker.NowMs < _failedUntilMs)
        {
            ReportFailure(failure);
            return failure;
        }

        return _pool.TryAcquireLease() ? null : new BackendFailure(FailureKind.LeaseLimit, Server);
    }

    private LeasedConnection Open()
    {
        var lease = new LeasedConnection(this, _worker) { PoolIndex = _all.Count };
        _all.Add(lease);
        if (_opening < OpeningLimit)
        {
            _opening++;
            lease.Open();
        }
        else
        {
            _waiting.Enqueue(lease);
        }

        return lease;
    }

    private void OpenNext()
    {
        while (_opening < OpeningLimit && _waiting.TryDequeue(out var next))
        {
            if (next.State == LeaseState.Waiting)
            {
                _opening++;
                next.Open();
            }
        }
    }
}
