using System.Buffers.Binary;

namespace Proxy.Partitioning.Hashes;

/// <summary>Austin Appleby's MurmurHash2 (github.com/aappleby/smhasher), 32 bits, seeded with 0xDEADBEEF times the length as in libmemcached.</summary>
internal static class MurmurHash
{
    private const uint Multiplier = 0x5BD1E995;
    private const int Shift = 24;

    internal static uint Compute(ReadOnlySpan<byte> key)
    {
        var length = (uint)key.Length;
        var hash = (0xDEADBEEF * length) ^ length;
        while (key.Length >= 4)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(key) * Multiplier;
            word ^= word >> Shift;
            hash *= Multiplier;
            hash ^= word * Multiplier;
            key = key[4..];
        }

        if (!key.IsEmpty)
        {
            for (var i = key.Length - 1; i >= 0; i--)
            {
                hash ^= (uint)key[i] << (8 * i);
            }

            hash *= Multiplier;
        }

        hash ^= hash >> 13;
        hash *= Multiplier;
        return hash ^ (hash >> 15);
    }
}
