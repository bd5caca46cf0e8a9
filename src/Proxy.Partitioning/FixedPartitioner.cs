namespace Proxy.Partitioning;

/// <summary>Every key goes to the same member (or, with -1, to nobody).</summary>
internal sealed class FixedPartitioner(int member) : Partitioner
{
    /// <inheritdoc/>
    public override int Route(ReadOnlySpan<byte> key) => member;
}
