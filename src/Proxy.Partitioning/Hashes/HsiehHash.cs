using System.Buffers.Binary;

namespace Proxy.Partitioning.Hashes;

/// <summary>
/// Paul Hsieh's SuperFastHash (azillionmonkeys.com/qed/hash.html) with the initial value 0. Bytes are unsigned but for the last of a
/// tail of three, which is signed there too.
/// </summary>
internal static class HsiehHash
{
    internal static uint Compute(ReadOnlySpan<byte> key)
    {
        var hash = 0u;
        while (key.Length >= 4)
        {
            hash += Low16(key);
            var mixed = (Low16(key[2..]) << 11) ^ hash;
            hash = (hash << 16) ^ mixed;
            hash += hash >> 11;
            key = key[4..];
        }

        switch (key.Length)
        {
            case 3:
                hash += Low16(key);
                hash ^= hash << 16;
                hash ^= SignedByte.Extend(key[2]) << 18;
                hash += hash >> 11;
                break;
            case 2:
                hash += Low16(key);
                hash ^= hash << 11;
                hash += hash >> 17;
                break;
            case 1:
                hash += key[0];
                hash ^= hash << 10;
                hash += hash >> 1;
                break;
        }

        hash ^= hash << 3;
        hash += hash >> 5;
        hash ^= hash << 4;
        hash += hash >> 17;
        hash ^= hash << 25;
        return hash + (hash >> 6);
    }

    private static uint Low16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
