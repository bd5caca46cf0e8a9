namespace Proxy.Transport.IoUring;

/// <summary>
/// How many connections a loop's reads come from, roughly: the different ones among the last <see cref="Window"/> reads. Loop thread only.
/// </summary>
internal sealed class ActiveConnections
{
    /// <summary>Reads that are looked at together; also the most that is counted.</summary>
    public const int Window = 512;

    private readonly ulong[] _seen = new ulong[Window / 64];
    private int _reads;
    private int _different;

    /// <summary>Connections of the last whole window; of the present one while it has more.</summary>
    public int Count { get; private set; }

    /// <summary>Something was received.</summary>
    /// <param name="slot">The number of the connection. Two that are equal modulo <see cref="Window"/> count as one.</param>
    public void Note(ulong slot)
    {
        ref var word = ref _seen[slot % Window / 64];
        var bit = 1UL << (int)(slot % 64);
        if ((word & bit) == 0)
        {
            word |= bit;
            _different++;
            Count = Math.Max(Count, _different);
        }

        if (++_reads == Window)
        {
            Count = _different;
            _reads = 0;
            _different = 0;
            Array.Clear(_seen);
        }
    }
}
