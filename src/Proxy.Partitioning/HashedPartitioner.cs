namespace Proxy.Partitioning;

/// <summary>What ketama and modula share: the hash of the tagged part of a key.</summary>
internal abstract class HashedPartitioner(PartitionerOptions options) : Partitioner
{
    private readonly HashFunction _hash = options.Hash;
    private readonly bool _hasTag = options.HashTag.HasValue;
    private readonly HashTag _tag = options.HashTag.GetValueOrDefault();

    /// <inheritdoc/>
    public sealed override int Route(ReadOnlySpan<byte> key) =>
        MemberAt(HashFunctions.Compute(_hash, _hasTag ? _tag.Part(key) : key));

    /// <summary>The member that owns a hash value.</summary>
    protected abstract int MemberAt(uint hash);
}
