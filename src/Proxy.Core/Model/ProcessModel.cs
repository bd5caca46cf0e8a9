namespace Proxy.Core.Model;

/// <summary>The settings of the process. Immutable; a reload replaces it as a whole.</summary>
internal sealed record ProcessModel
{
    /// <summary>Event loops, at least 1 (<c>auto</c> is resolved).</summary>
    public required int Threads { get; init; }

    /// <summary>The transport that was asked for.</summary>
    public TransportKind Transport { get; init; }

    /// <summary>How long an event loop of io_uring waits under load for more to do; zero is not at all.</summary>
    public TimeSpan IoUringWait { get; init; } = TimeSpan.FromMicroseconds(200);

    /// <summary>What load is: so many reads in one turn of the loop.</summary>
    public int IoUringWaitReads { get; init; } = 8;

    /// <summary>Where the admin endpoint listens; null is off.</summary>
    public AddressModel? Admin { get; init; }

    /// <summary>Nobody wrote the admin address: that it is taken is a warning, not an error.</summary>
    public bool AdminIsDefault { get; init; }

    /// <summary>Where twemproxy's JSON statistics are served on raw TCP; null is off.</summary>
    public AddressModel? Stats { get; init; }

    /// <summary>Nobody wrote the statistics address: that it is taken is a warning, not an error.</summary>
    public bool StatsIsDefault { get; init; }

    /// <summary>How long clients with requests in flight may take after SIGTERM.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes that may be held in buffers before clients are no longer read; 0 is no limit.</summary>
    public long MemoryLimit { get; init; }

    /// <summary>Where and how much to log.</summary>
    public LogModel Log { get; init; } = new();
}
