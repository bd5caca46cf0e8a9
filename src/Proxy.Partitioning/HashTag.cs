using System.Text;

namespace Proxy.Partitioning;

/// <summary>
/// The two bytes between which a key carries the part that is hashed, so that related keys share a member: with <c>{}</c> the keys
/// <c>{user1}.name</c> and <c>{user1}.mail</c> both count as <c>user1</c>. Both bytes may be the same (<c>$$</c>).
/// </summary>
/// <param name="Open">The byte before the tagged part.</param>
/// <param name="Close">The byte after it.</param>
public readonly record struct HashTag(byte Open, byte Close)
{
    /// <summary>The tag of Redis Cluster, <c>{}</c>.</summary>
    public static HashTag Braces => new((byte)'{', (byte)'}');

    /// <summary>Reads a tag: a text of exactly two bytes in UTF-8.</summary>
    public static bool TryParse(string? text, out HashTag tag)
    {
        // Three characters are never two bytes, so a long text is not encoded at all.
        if (text is null || text.Length > 2 || Encoding.UTF8.GetByteCount(text) != 2)
        {
            tag = default;
            return false;
        }

        Span<byte> bytes = stackalloc byte[2];
        Encoding.UTF8.GetBytes(text, bytes);
        tag = new HashTag(bytes[0], bytes[1]);
        return true;
    }

    /// <summary>
    /// The part of <paramref name="key"/> after the first <see cref="Open"/> and before the first <see cref="Close"/> that follows it; the
    /// whole key when one of them is missing or nothing stands between them. Only the first opening byte is tried (<c>{}{a}</c> is whole),
    /// which is twemproxy's rule and Redis Cluster's. The result is a view of <paramref name="key"/>.
    /// </summary>
    public ReadOnlySpan<byte> Part(ReadOnlySpan<byte> key)
    {
        var open = key.IndexOf(Open);
        if (open < 0)
        {
            return key;
        }

        var rest = key[(open + 1)..];
        var length = rest.IndexOf(Close);
        return length > 0 ? rest[..length] : key;
    }

    /// <summary>The two bytes as text.</summary>
    public override string ToString() => Encoding.Latin1.GetString([Open, Close]);
}
