using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Proxy.Core.Topology;

/// <summary>The SHA-1 by which EVALSHA names a script.</summary>
/// <param name="High">Its first eight bytes.</param>
/// <param name="Middle">The next eight.</param>
/// <param name="Low">The last four.</param>
internal readonly record struct ScriptDigest(ulong High, ulong Middle, uint Low)
{
    /// <summary>Its length in hexadecimal, as requests have it.</summary>
    public const int TextLength = 2 * SHA1.HashSizeInBytes;

    /// <summary>The digest of a script.</summary>
    public static ScriptDigest Of(ReadOnlySpan<byte> script)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(script, hash);
        return new ScriptDigest(
            BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]), BinaryPrimitives.ReadUInt32BigEndian(hash[16..]));
    }

    /// <summary>Reads one as requests have it: hexadecimal in any case. Does not allocate.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ScriptDigest digest)
    {
        digest = default;
        if (text.Length != TextLength
            || !TryParseHex(text[..16], out var high)
            || !TryParseHex(text[16..32], out var middle)
            || !TryParseHex(text[32..], out var low))
        {
            return false;
        }

        digest = new ScriptDigest(high, middle, (uint)low);
        return true;
    }

    private static bool TryParseHex(ReadOnlySpan<byte> text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
