namespace Proxy.Partitioning;

/// <summary>
/// The hash functions of twemproxy 0.5.0, each turning a key into 32 bits. Bytes from 0x80 on count as negative numbers where
/// twemproxy reads them through C's <c>char</c> (signed on x86-64); an ARM build of twemproxy differs there.
/// <see cref="HashFunctions"/> has their names and computes them.
/// </summary>
public enum HashFunction
{
    /// <summary>Bob Jenkins' one-at-a-time hash.</summary>
    OneAtATime,

    /// <summary>The first four bytes of MD5, little-endian.</summary>
    Md5,

    /// <summary>CRC-16/XMODEM in a 32-bit register whose upper half is not masked away.</summary>
    Crc16,

    /// <summary>Bits 16 to 30 of the IEEE CRC-32, as libmemcached has it: 15 bits only, useless with ketama.</summary>
    Crc32,

    /// <summary>The IEEE CRC-32 (zlib's).</summary>
    Crc32a,

    /// <summary>The low half of 64-bit FNV-1. Keys that end in a number stay close together on a ring.</summary>
    Fnv1_64,

    /// <summary>FNV-1a with the low halves of the 64-bit constants; twemproxy's default.</summary>
    Fnv1a_64,

    /// <summary>32-bit FNV-1.</summary>
    Fnv1_32,

    /// <summary>32-bit FNV-1a.</summary>
    Fnv1a_32,

    /// <summary>Paul Hsieh's SuperFastHash.</summary>
    Hsieh,

    /// <summary>MurmurHash2 with libmemcached's seed.</summary>
    Murmur,

    /// <summary>Bob Jenkins' lookup3 (<c>hashlittle</c>) with the initial value 13.</summary>
    Jenkins,
}
