using Proxy.Partitioning;

namespace Proxy.Core.Configuration.Validation;

/// <summary>Ejecting a server moves its keys to the others, which range and slots cannot.</summary>
internal sealed class EjectionValidator : IPoolValidator
{
    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        if (pool is { AutoEjectHosts.Value: true, Distribution.Value: Distribution.Range or Distribution.Slots })
        {
            var way = Distributions.NameOf(pool.Distribution.Value);
            problems.Error(
                pool.AutoEjectHosts.Place,
                $"directive \"auto_eject_hosts\" is not possible with distribution {way}: "
                    + "the keys of an ejected server have no other place");
        }
    }
}
