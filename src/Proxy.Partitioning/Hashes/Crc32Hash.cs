namespace Proxy.Partitioning.Hashes;

/// <summary>The CRC-32 of IEEE 802.3 and zlib (polynomial 0xEDB88320, reflected).</summary>
internal static class Crc32Hash
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = BuildTable();

    internal static uint Compute(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<uint> table = Table;
        var crc = uint.MaxValue;
        foreach (var b in key)
        {
            crc = (crc >> 8) ^ table[(byte)(crc ^ b)];
        }

        return ~crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }

            table[i] = crc;
        }

        return table;
    }
}
