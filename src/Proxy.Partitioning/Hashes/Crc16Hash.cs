namespace Proxy.Partitioning.Hashes;

/// <summary>
/// CRC-16/XMODEM (polynomial 0x1021, not reflected, initial value 0) in a 32-bit register. twemproxy uses the whole register, whose
/// upper half holds what earlier steps shifted out; the lower half is the CRC that Redis Cluster uses.
/// </summary>
internal static class Crc16Hash
{
    private const uint Polynomial = 0x1021;

    private static readonly ushort[] Table = BuildTable();

    internal static uint Compute(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<ushort> table = Table;
        var crc = 0u;
        foreach (var b in key)
        {
            crc = (crc << 8) ^ table[(byte)((crc >> 8) ^ b)];
        }

        return crc;
    }

    private static ushort[] BuildTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = (uint)i << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            }

            table[i] = (ushort)crc;
        }

        return table;
    }
}
