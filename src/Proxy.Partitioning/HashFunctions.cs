using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Proxy.Partitioning.Hashes;

namespace Proxy.Partitioning;

/// <summary>Names and values of the hash functions.</summary>
public static class HashFunctions
{
    /// <summary>The names of configuration files, in the order of <see cref="HashFunction"/>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "one_at_a_time", "md5", "crc16", "crc32", "crc32a", "fnv1_64", "fnv1a_64", "fnv1_32", "fnv1a_32", "hsieh", "murmur", "jenkins",
    ];

    /// <summary>Reads a name exactly as twemproxy writes it (lower case).</summary>
    /// <returns>False for anything else; <paramref name="hash"/> is then meaningless.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out HashFunction hash)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                hash = (HashFunction)i;
                return true;
            }
        }

        hash = default;
        return false;
    }

    /// <summary>The name in configuration files.</summary>
    public static string NameOf(HashFunction hash) => Names[(int)hash];

    /// <summary>
    /// The hash of <paramref name="key"/>, in all 32 bits equal to twemproxy's. An empty key is 0 whatever the function: twemproxy does
    /// not call it then. Allocates nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="hash"/> is not a member of the enumeration.</exception>
    public static uint Compute(HashFunction hash, ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
        {
            return 0;
        }

        return hash switch
        {
            HashFunction.OneAtATime => OneAtATimeHash.Compute(key),
            HashFunction.Md5 => Md5Hash.Compute(key),
            HashFunction.Crc16 => Crc16Hash.Compute(key),
            HashFunction.Crc32 => (Crc32Hash.Compute(key) >> 16) & 0x7FFF,
            HashFunction.Crc32a => Crc32Hash.Compute(key),
            HashFunction.Fnv1_64 => FnvHash.Fnv1(key, FnvHash.Offset64, FnvHash.Prime64),
            HashFunction.Fnv1a_64 => FnvHash.Fnv1a(key, FnvHash.Offset64, FnvHash.Prime64),
            HashFunction.Fnv1_32 => FnvHash.Fnv1(key, FnvHash.Offset32, FnvHash.Prime32),
            HashFunction.Fnv1a_32 => FnvHash.Fnv1a(key, FnvHash.Offset32, FnvHash.Prime32),
            HashFunction.Hsieh => HsiehHash.Compute(key),
            HashFunction.Murmur => MurmurHash.Compute(key),
            HashFunction.Jenkins => JenkinsHash.Compute(key),
            _ => ThrowUnknown(hash),
        };
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint ThrowUnknown(HashFunction hash) => throw new ArgumentOutOfRangeException(nameof(hash), hash, "not a hash function");
}
