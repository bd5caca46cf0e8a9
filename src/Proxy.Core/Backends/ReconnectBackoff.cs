using Proxy.Core.Model;

namespace Proxy.Core.Backends;

/// <summary>
/// How long to wait before the next attempt: doubling from the minimum to the maximum, each time a random part between half and
/// the whole ("equal jitter"), so that workers and proxies do not all come at once.
/// </summary>
internal sealed class ReconnectBackoff
{
    private int _attempts;

    /// <summary>True when the last connection was good: the next attempt need not wait.</summary>
    public bool IsFresh => _attempts == 0;

    /// <summary>The connection proved good: it answered.</summary>
    public void Reset() => _attempts = 0;

    /// <summary>The wait before the next attempt; each call counts as one failed attempt.</summary>
    public TimeSpan Next(ReconnectBackoffModel model)
    {
        var full = Math.Min((double)model.MaxMs, model.MinMs * Math.Pow(2, Math.Min(_attempts, 20)));
        _attempts++;
        return TimeSpan.FromMilliseconds((full / 2) + (Random.Shared.NextDouble() * full / 2));
    }
}
