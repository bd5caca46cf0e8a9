using Proxy.Core.Metrics;

namespace Proxy.Core.Topology;

/// <summary>
/// The state of one server. Written by the control loop alone: if every worker decided for itself, two would eject differently
/// and route one key to two servers. Read by anybody.
/// </summary>
internal sealed class Health
{
    private int _failures;
    private int _state;
    private long _ejectedAtMicros;
    private long _ejections;

    /// <summary>Failures since the last good reply. A worker that gets a good reply while this is not 0 reports it.</summary>
    public int Failures
    {
        get => Volatile.Read(ref _failures);
        set => Volatile.Write(ref _failures, value);
    }

    /// <summary>Unknown until something was tried, then up, down or ejected.</summary>
    public ServerState State
    {
        get => (ServerState)Volatile.Read(ref _state);
        set => Volatile.Write(ref _state, (int)value);
    }

    /// <summary>The log was told that it is down. The control loop's own.</summary>
    public bool IsToldDown { get; set; }

    /// <summary>When the log was last told so, in <see cref="Environment.TickCount64"/>. The control loop's own.</summary>
    public long ToldDownMs { get; set; } = long.MinValue / 2;

    /// <summary>Microseconds since the Unix epoch of the last ejection, 0 for never; stays set after the server returned.</summary>
    public long EjectedAtMicros
    {
        get => Volatile.Read(ref _ejectedAtMicros);
        set => Volatile.Write(ref _ejectedAtMicros, value);
    }

    /// <summary>How often it was ejected.</summary>
    public long Ejections
    {
        get => Volatile.Read(ref _ejections);
        set => Volatile.Write(ref _ejections, value);
    }
}
