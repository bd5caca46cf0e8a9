namespace Proxy.Partitioning;

/// <summary>Consistent hashing: the first point of the ring at or above the key's hash names the member.</summary>
internal sealed class KetamaPartitioner(PartitionerOptions options, int[] live) : HashedPartitioner(options)
{
    private readonly Continuum _continuum = new(KetamaPoints.Build(options.Members, live));

    /// <inheritdoc/>
    protected override int MemberAt(uint hash) => _continuum.MemberAt(hash);
}
