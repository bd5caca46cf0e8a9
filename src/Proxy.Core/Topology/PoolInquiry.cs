namespace Proxy.Core.Topology;

/// <summary>
/// When the servers of a pool are asked anew which commands they have: a client named one that nobody knows. From any thread.
/// </summary>
internal sealed class PoolInquiry
{
    /// <summary>Milliseconds between two inquiries of a pool with one server: clients may send nothing but nonsense.</summary>
    private const int IntervalMs = 1000;

    /// <summary>
    /// Milliseconds that each further server adds: together they send 2 MB a second at most, and take a fiftieth of a core to read (a table of 90 KB
    /// takes about a millisecond).
    /// </summary>
    private const int IntervalPerServerMs = 50;

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
    /// <param name="servers">How many there are to ask.</param>
    /// <param name="ask">Begins to ask; complete when all have answered or failed to.</param>
    /// <returns>Complete when it is time to look at what is known.</returns>
    public Task Begin(long nowMs, int servers, Func<Task> ask)
    {
        lock (_lock)
        {
            if (_asked.IsCompleted && nowMs - _lastMs >= IntervalMs + ((servers - 1) * IntervalPerServerMs))
            {
                _lastMs = nowMs;
                _asked = AskAsync(nowMs, ask);
            }

            return _asked;
        }
    }

    private async Task AskAsync(long nowMs, Func<Task> ask)
    {
        var patience = Task.Delay(PatienceMs);
        if (await Task.WhenAny(Task.Run(ask), patience).ConfigureAwait(false) == patience)
        {
            // Who has waited for this inquiry is not held by another: the next is counted from here.
            Note(nowMs + PatienceMs);
        }
    }
}
