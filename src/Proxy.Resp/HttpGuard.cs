using System.Buffers.Binary;
using System.Text;

namespace Proxy.Resp;

/// <summary>
/// Recognises what a browser sends when a page makes it talk to a Redis (cross-protocol scripting): `POST …` and `Host: …` as a command's
/// name, inline or not. Redis closes such a connection without a word.
/// </summary>
internal static class HttpGuard
{
    // Little-endian.
    private const uint Post = 'p' | ('o' << 8) | ('s' << 16) | ('t' << 24);
    private const uint Host = 'h' | ('o' << 8) | ('s' << 16) | ('t' << 24);

    /// <summary>Whether a command's name is one of those, in any case.</summary>
    public static bool IsHttp(ReadOnlySpan<byte> name) =>
        name.Length >= 4 && (BinaryPrimitives.ReadUInt32LittleEndian(name) | 0x20202020) is Post or Host && IsHttpName(name);

    private static bool IsHttpName(ReadOnlySpan<byte> name)
    {
        // Redis compares C strings: a NUL ends the name.
        var end = name.IndexOf((byte)0);
        name = end < 0 ? name : name[..end];
        return Ascii.EqualsIgnoreCase(name, "post"u8) || Ascii.EqualsIgnoreCase(name, "host:"u8);
    }
}
