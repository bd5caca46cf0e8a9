using System.Runtime.CompilerServices;

namespace Proxy.Core.Metrics;

/// <summary>One counter for each value of an enum whose values are 0, 1, 2 … One thread writes, any thread reads.</summary>
/// <typeparam name="TReason">The enum; its underlying type is <see cref="int"/>.</typeparam>
internal sealed class ReasonCounters<TReason>
    where TReason : struct, Enum
{
    private readonly long[] _counts = new long[ReasonLabels<TReason>.All.Length];

    /// <summary>How often the reason was counted.</summary>
    public long this[TReason reason] => _counts[Index(reason)];

    /// <summary>How often a reason was counted whose value is <paramref name="from"/> or greater.</summary>
    public long SumFrom(TReason from)
    {
        var sum = 0L;
        foreach (var count in _counts.AsSpan(Index(from)))
        {
            sum += count;
        }

        return sum;
    }

    /// <summary>How often any reason was counted.</summary>
    public long Sum() => SumFrom(default);

    /// <summary>Counts a reason once.</summary>
    public void Count(TReason reason) => _counts[Index(reason)]++;

    /// <summary>Adds what another counted.</summary>
    public void Add(ReasonCounters<TReason> other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
    }

    private static int Index(TReason reason) => Unsafe.BitCast<TReason, int>(reason);
}
