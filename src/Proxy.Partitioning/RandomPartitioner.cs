namespace Proxy.Partitioning;

/// <summary>Any live member, drawn for each call. Weights do not count, as in twemproxy.</summary>
internal sealed class RandomPartitioner(int[] live) : Partitioner
{
    /// <inheritdoc/>
    public override int Route(ReadOnlySpan<byte> key) => live[Random.Shared.Next(live.Length)];
}
