using Proxy.Partitioning;

namespace Proxy.Core.Configuration.Validation;

/// <summary>A hash function where none is used misleads.</summary>
internal sealed class HashValidator : IPoolValidator
{
    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        if (pool is { Hash: not null, Distribution.Value: Distribution.Range or Distribution.Slots })
        {
            var way = Distributions.NameOf(pool.Distribution.Value);
            problems.Warning(pool.Hash.Place, $"directive \"hash\" has no effect with distribution {way}");
        }
    }
}
