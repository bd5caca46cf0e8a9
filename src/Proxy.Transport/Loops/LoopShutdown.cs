using System.Diagnostics;

namespace Proxy.Transport.Loops;

/// <summary>When an event loop that is to end may end. Its time begins with it.</summary>
/// <param name="quietPeriod">How long no task must have come.</param>
/// <param name="timeout">When it ends in any case.</param>
internal sealed class LoopShutdown(TimeSpan quietPeriod, TimeSpan timeout)
{
    private readonly long _begin = Stopwatch.GetTimestamp();
    private long _lastTask = Stopwatch.GetTimestamp();

    /// <summary>How long the loop may sleep before it asks again.</summary>
    public TimeSpan Patience { get; } = TimeSpan.FromMilliseconds(Math.Clamp(quietPeriod.TotalMilliseconds, 1, 100));

    /// <summary>Asked again and again by the loop.</summary>
    /// <param name="ranTasks">There was something to run since the last time.</param>
    /// <param name="pendingOperations">The system still holds operations of the loop's channels.</param>
    public bool IsOver(bool ranTasks, bool pendingOperations)
    {
        if (Stopwatch.GetElapsedTime(_begin) >= timeout)
        {
            return true;
        }

        if (ranTasks)
        {
            _lastTask = Stopwatch.GetTimestamp();
            return false;
        }

        return !pendingOperations && Stopwatch.GetElapsedTime(_lastTask) >= quietPeriod;
    }
}
