namespace Proxy.Host.Admin;

/// <summary>How the loads of the configuration went. Written by whoever reloads, one at a time; read by any thread.</summary>
internal sealed class ReloadStatistics
{
    private long _successes;
    private long _failures;
    private long _lastSuccess;
    private volatile bool _lastSuccessful = true;

    /// <summary>Reloads that took effect; the load at the start is not counted.</summary>
    public long Successes => Volatile.Read(ref _successes);

    /// <summary>Reloads that left the old configuration running.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>The last load took effect.</summary>
    public bool LastSuccessful => _lastSuccessful;

    /// <summary>When a load last took effect, the one at the start included; seconds since 1970 (UTC), with fractions.</summary>
    public double LastSuccessSeconds => Volatile.Read(ref _lastSuccess) / 1000.0;

    /// <summary>The configuration was loaded at the start.</summary>
    public void Loaded(DateTimeOffset now) => Volatile.Write(ref _lastSuccess, now.ToUnixTimeMilliseconds());

    /// <summary>A reload took effect.</summary>
    public void Reloaded(DateTimeOffset now)
    {
        Loaded(now);
        Interlocked.Increment(ref _successes);
        _lastSuccessful = true;
    }

    /// <summary>A reload failed.</summary>
    public void Failed()
    {
        Interlocked.Increment(ref _failures);
        _lastSuccessful = false;
    }
}
