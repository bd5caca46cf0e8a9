namespace Proxy.Partitioning.Hashes;

/// <summary>
/// Fowler, Noll and Vo's hash (isthe.com/chongo/tech/comp/fnv), bytes read as signed. twemproxy's 64-bit variants keep 32 bits of
/// the result, and those depend on the lower halves of the constants only: so all four are one loop in 32 bits.
/// </summary>
internal static class FnvHash
{
    /// <summary>Lower half of the 64-bit offset basis 0xCBF29CE484222325.</summary>
    internal const uint Offset64 = 0x84222325;

    /// <summary>Lower half of the 64-bit prime 0x100000001B3.</summary>
    internal const uint Prime64 = 0x1B3;

    /// <summary>The 32-bit offset basis.</summary>
    internal const uint Offset32 = 2166136261;

    /// <summary>The 32-bit prime.</summary>
    internal const uint Prime32 = 16777619;

    /// <summary>FNV-1: multiply, then mix the byte in.</summary>
    internal static uint Fnv1(ReadOnlySpan<byte> key, uint offset, uint prime)
    {
        var hash = offset;
        foreach (var b in key)
        {
            hash *= prime;
            hash ^= SignedByte.Extend(b);
        }

        return hash;
    }

    /// <summary>FNV-1a: mix the byte in, then multiply.</summary>
    internal static uint Fnv1a(ReadOnlySpan<byte> key, uint offset, uint prime)
    {
        var hash = offset;
        foreach (var b in key)
        {
            hash ^= SignedByte.Extend(b);
            hash *= prime;
        }

        return hash;
    }
}
