namespace Proxy.Core.Requests.CrossServer;

/// <summary>Compares members of several replies by their bytes, without copying them.</summary>
/// <param name="replies">The replies, by number.</param>
internal sealed class MemberComparer(byte[][] replies) : IEqualityComparer<Member>, IComparer<Member>
{
    /// <summary>The member itself.</summary>
    public ReadOnlySpan<byte> Bytes(Member member) => replies[member.Source].AsSpan(member.Start, member.Length);

    /// <inheritdoc/>
    public bool Equals(Member x, Member y) => Bytes(x).SequenceEqual(Bytes(y));

    /// <summary>Seeded at random in each process: members cannot be chosen to fall together.</summary>
    /// <inheritdoc/>
    public int GetHashCode(Member obj)
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes(obj));
        return hash.ToHashCode();
    }

    /// <summary>By the bytes, and of two that begin alike the shorter first: the order of members with the same score.</summary>
    /// <inheritdoc/>
    public int Compare(Member x, Member y) => Bytes(x).SequenceCompareTo(Bytes(y));
}
