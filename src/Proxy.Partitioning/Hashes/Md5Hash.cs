using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Proxy.Partitioning.Hashes;

/// <summary>The first four bytes of MD5 (RFC 1321), little-endian, as libketama takes them.</summary>
internal static class Md5Hash
{
    internal static uint Compute(ReadOnlySpan<byte> key)
    {
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(key, digest);
        return BinaryPrimitives.ReadUInt32LittleEndian(digest);
    }
}
