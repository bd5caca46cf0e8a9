using System.Runtime.CompilerServices;

namespace Proxy.Core.Metrics;

/// <summary>
/// Room behind the counters of one worker, so that the next object on the heap (likely another worker's counters) lies on other cache lines.
/// The runtime places a struct field behind the plain fields of a class; 128 bytes are a line and the one that the prefetcher pulls in with it.
/// </summary>
[InlineArray(Length)]
internal struct CacheLinePadding
{
    /// <summary>The same room, counted in longs, for arrays.</summary>
    public const int Length = 16;

    private long _first;
}
