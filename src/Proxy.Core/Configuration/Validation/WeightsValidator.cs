using Proxy.Partitioning;

namespace Proxy.Core.Configuration.Validation;

/// <summary>Range and slots say themselves which server takes what, so a weight there would be a lie.</summary>
internal sealed class WeightsValidator : IPoolValidator
{
    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        if (pool.Distribution?.Value is not (Distribution.Range or Distribution.Slots) || pool.Servers is null)
        {
            return;
        }
        foreach (var server in pool.Servers.Value)
        {
            if (server.Weight != 1)
            {
                var way = Distributions.NameOf(pool.Distribution.Value);
                problems.Error(server.Place, $"a weight of {server.Weight} has no meaning with distribution {way}: write 1");
            }
        }
    }
}
