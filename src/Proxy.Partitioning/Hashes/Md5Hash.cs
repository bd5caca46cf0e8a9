using System.Buffers.Binary;

namespace Proxy.Partitioning.Hashes;

/// <summary>The first four bytes of MD5, little-endian, as libketama takes them.</summary>
internal static class Md5Hash
{
    internal static uint Compute(ReadOnlySpan<byte> key)
    {
        Span<byte> digest = stackalloc byte[Md5.DigestLength];
        Md5.Compute(key, digest);
        return BinaryPrimitives.ReadUInt32LittleEndian(digest);
    }
}
