namespace Proxy.Core.Topology;

/// <summary>Whether the clients of a pool may go on (CLIENT PAUSE). From any thread.</summary>
internal sealed class PoolPause
{
    private readonly Lock _lock = new();
    private int _waiting;
    private long _untilMs;
    private bool _isAll;
    private TaskCompletionSource? _over;

    /// <summary>True while there is a pause: clients that come have to ask.</summary>
    public bool IsOn => Volatile.Read(ref _over) is not null;

    /// <summary>Clients that wait for its end.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>A client waits from now on.</summary>
    public void Enter() => Interlocked.Increment(ref _waiting);

    /// <summary>A client waits no longer.</summary>
    public void Leave() => Interlocked.Decrement(ref _waiting);

    /// <summary>Begins a pause, or makes the present one longer and stronger, never the opposite.</summary>
    /// <param name="milliseconds">How long from now.</param>
    /// <param name="isAll">False for writes only.</param>
    public void Begin(long milliseconds, bool isAll)
    {
        lock (_lock)
        {
            var now = Environment.TickCount64;
            var isNew = _over is null;
            _untilMs = Math.Max(isNew ? 0 : _untilMs, milliseconds > long.MaxValue - now ? long.MaxValue : now + milliseconds);
            _isAll = isAll || (!isNew && _isAll);
            if (isNew)
            {
                _over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _ = EndInTimeAsync(_over);
            }
        }
    }

    /// <summary>Ends the pause, if there is one.</summary>
    public void End()
    {
        lock (_lock)
        {
            _over?.TrySetResult();
            _over = null;
        }
    }

    /// <summary>What a request has to wait for.</summary>
    /// <param name="mayWrite">Whether it may change data.</param>
    /// <returns>Complete when it should ask again; null if it may go on.</returns>
    public Task? For(bool mayWrite)
    {
        lock (_lock)
        {
            return _over is { } over && (_isAll || mayWrite) ? over.Task : null;
        }
    }

    private async Task EndInTimeAsync(TaskCompletionSource over)
    {
        while (true)
        {
            long left;
            lock (_lock)
            {
                left = _untilMs - Environment.TickCount64;
                if (!ReferenceEquals(_over, over))
                {
                    return;
                }

                if (left <= 0)
                {
                    End();
                    return;
                }
            }

            await Task.WhenAny(over.Task, Task.Delay((int)Math.Min(left, int.MaxValue))).ConfigureAwait(false);
        }
    }
}
