namespace Proxy.Host.Tests.Serving;

/// <summary>A clock with one timer, which rings when the test says so.</summary>
internal sealed class ManualClock : TimeProvider
{
    private Action _ring = static () => { };

    /// <summary>The period passes.</summary>
    public void Ring() => _ring();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _ring = () => callback(state);
        return new StillTimer();
    }

    private sealed class StillTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
