using Proxy.Partitioning.Hashes;

namespace Proxy.Partitioning;

/// <summary>The slots of Redis Cluster.</summary>
public static class KeySlot
{
    /// <summary>How many slots there are.</summary>
    public const int Count = 16384;

    /// <summary>The slot of a key as Redis Cluster computes it (<c>CLUSTER KEYSLOT</c>): CRC16 of the part between braces, modulo 16384.</summary>
    public static int Of(ReadOnlySpan<byte> key) => Of(key, HashTag.Braces);

    /// <summary>The slot of a key with another pair of bytes around the part that counts.</summary>
    public static int Of(ReadOnlySpan<byte> key, HashTag tag) => (int)(Crc16Hash.Compute(tag.Part(key)) & (Count - 1));
}
