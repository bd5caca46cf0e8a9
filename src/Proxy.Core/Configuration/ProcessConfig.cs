using Proxy.Core.Model;

namespace Proxy.Core.Configuration;

/// <summary>The section <c>proxy:</c> as written. What was not written is null.</summary>
internal sealed record ProcessConfig
{
    /// <summary>Event loops; a value of 0 stands for <c>auto</c>.</summary>
    public Setting<int>? Threads { get; init; }

    /// <summary>The transport.</summary>
    public Setting<TransportKind>? Transport { get; init; }

    /// <summary>Microseconds that io_uring waits under load; 0 is not at all.</summary>
    public Setting<int>? IoUringWaitMicroseconds { get; init; }

    /// <summary>Reads in one turn that are load.</summary>
    public Setting<int>? IoUringWaitReads { get; init; }

    /// <summary>The admin endpoint; a null value stands for <c>off</c>.</summary>
    public Setting<AddressConfig?>? Admin { get; init; }

    /// <summary>The statistics port; a null value stands for <c>off</c>.</summary>
    public Setting<AddressConfig?>? Stats { get; init; }

    /// <summary>Milliseconds to drain.</summary>
    public Setting<int>? DrainTimeout { get; init; }

    /// <summary>Bytes in buffers; 0 is no limit.</summary>
    public Setting<long>? MemoryLimit { get; init; }

    /// <summary>Logging.</summary>
    public LogConfig Log { get; init; } = new();
}
