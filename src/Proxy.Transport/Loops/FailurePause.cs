namespace Proxy.Transport.Loops;

/// <summary>
/// What a loop does when its wait fails: a pause, twice as long each time until a wait succeeds, and a line in the log now and then. A
/// failure that lasts must not take a core and fill the log. Loop thread only.
/// </summary>
/// <param name="log">Told of a failure, and of how many came since the one that it was told before.</param>
/// <param name="sleep">Makes a pause.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class FailurePause(Action<Exception, int> log, Action<TimeSpan> sleep, TimeProvider clock)
{
    /// <summary>The first pause.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>The longest pause: tasks and timers run after each.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Between two lines in the log.</summary>
    public static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private TimeSpan _pause;
    private long? _logged;
    private int _silent;

    /// <summary>As a loop uses it.</summary>
    public FailurePause()
        : this(LoopLog.WaitFailed, Thread.Sleep, TimeProvider.System)
    {
    }

    /// <summary>The wait has failed: returns after the pause.</summary>
    public void Failed(Exception failure)
    {
        if (_logged is { } logged && clock.GetElapsedTime(logged) < LogInterval)
        {
            _silent++;
        }
        else
        {
            log(failure, _silent);
            _logged = clock.GetTimestamp();
            _silent = 0;
        }

        _pause = _pause == TimeSpan.Zero ? Shortest : _pause * 2 > Longest ? Longest : _pause * 2;
        sleep(_pause);
    }

    /// <summary>The wait has not failed.</summary>
    public void Succeeded() => _pause = TimeSpan.Zero;
}
