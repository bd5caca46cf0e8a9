namespace Proxy.Core.Topology;

/// <summary>
/// When the servers of a pool are asked anew which commands they have: a client named one that nobody knows. From any thread.
/// </summary>
internal sealed class PoolInquiry
{
    /// <summary>
    /// Milliseconds between two inquiries of this kind: clients may send nothing but nonsense, and a server's table takes it a tenth of a
    /// millisecond and a hundred thousand bytes.
    /// </summary>
    private const int IntervalMs = 10_000;

    /// <summary>The same while a server has not told yet.</summary>
    private const int EarlyIntervalMs = 1000;

    /// <summary>Milliseconds that a client is made to wait for servers that do not answer.</summary>
    private const int PatienceMs = 1000;

    private readonly Lock _lock = new();
    private long _lastMs = long.MinValue / 2;
    private Task _asked = Task.CompletedTask;

    /// <summary>The servers were asked for another reason.</summary>
    public void Note(long nowMs)
    {
        lock (_lock)
        {
            _lastMs = nowMs;
        }
    }

    /// <summary>Asks, unless that was done lately.</summary>
    /// <param name="nowMs">Now, in <see cref="Environment.TickCount64"/>.</param>
    /// <param name="isComplete">Whether every server has told once.</param>
    /// <param name="ask">Begins to ask; complete when all have answered or failed to.</param>
    /// <returns>Complete when it is time to look at what is known.</returns>
    public Task Begin(long nowMs, bool isComplete, Func<Task> ask)
    {
        lock (_lock)
        {
            if (_asked.IsCompleted && nowMs - _lastMs >= (isComplete ? IntervalMs : EarlyIntervalMs))
            {
                _lastMs = nowMs;
                _asked = Task.WhenAny(Task.Run(ask), Task.Delay(PatienceMs));
            }

            return _asked;
        }
    }
}
