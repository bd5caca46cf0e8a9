namespace Proxy.Partitioning.Hashes;

/// <summary>Bob Jenkins' one-at-a-time hash (burtleburtle.net/bob/hash/doobs.html), bytes read as signed.</summary>
internal static class OneAtATimeHash
{
    internal static uint Compute(ReadOnlySpan<byte> key)
    {
        var value = 0u;
        foreach (var b in key)
        {
            value += SignedByte.Extend(b);
            value += value << 10;
            value ^= value >> 6;
        }

        value += value << 3;
        value ^= value >> 11;
        return value + (value << 15);
    }
}
